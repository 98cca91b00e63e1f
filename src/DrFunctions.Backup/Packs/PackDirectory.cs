using System.Buffers.Binary;
using System.Security.Cryptography;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Packs;

/// <summary>What a pack says of itself, authenticated. Immutable; thread-safe.</summary>
internal sealed class PackDirectory
{
    private readonly byte[] header;
    private readonly PackEntry[] entries;
    private readonly int[] offsets;

    private PackDirectory(byte[] header, PackEntry[] entries)
    {
        this.header = header;
        this.entries = entries;
        offsets = new int[entries.Length];
        var at = SealedFormat.HeaderLength;
        for (var index = 0; index < entries.Length; index++)
        {
            offsets[index] = at;
            at += entries[index].StoredLength + SealedFormat.TagLength;
        }
    }

    /// <summary>Its chunks, in their order.</summary>
    public IReadOnlyList<PackEntry> Entries => entries;

    /// <summary>Where a chunk begins in the pack; it has its stored length and a tag.</summary>
    public int OffsetOf(int index) => offsets[index];

    /// <summary>How many bytes the directory and the footer of a pack have, from its footer; null when that is none.</summary>
    /// <param name="footer">The last <see cref="SealedFormat.FooterLength"/> bytes of the pack.</param>
    /// <param name="packLength">Bytes of the pack.</param>
    public static int? TailOf(ReadOnlySpan<byte> footer, long packLength)
    {
        var directory = BinaryPrimitives.ReadInt32BigEndian(footer);
        var valid = footer[4..].SequenceEqual(SealedFormat.EndMagic)
            && directory >= SealedFormat.TagLength + 4 + PackBuilder.EntryLength
            && directory <= packLength - SealedFormat.HeaderLength - SealedFormat.FooterLength;
        return valid ? directory + SealedFormat.FooterLength : null;
    }

    /// <summary>Reads a directory.</summary>
    /// <param name="keys">The repository's keys.</param>
    /// <param name="header">The first <see cref="SealedFormat.HeaderLength"/> bytes of the pack.</param>
    /// <param name="tail">The last ones, as many as <see cref="TailOf"/> says.</param>
    /// <param name="packLength">Bytes of the pack.</param>
    /// <param name="pack">The pack in words, for the error.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.DataDamaged"/>, or <see cref="BackupErrors.FormatTooNew"/>.</exception>
    public static PackDirectory Read(RepositoryKeys keys, ReadOnlySpan<byte> header, ReadOnlySpan<byte> tail, long packLength, string pack)
    {
        if (header.Length != SealedFormat.HeaderLength || !header.StartsWith(SealedFormat.Magic) || header[4] != (byte)SealedKind.Pack)
        {
            throw PackDamage.Of(pack, "it does not begin as a pack");
        }

        if (header[5] > SealedFormat.Version)
        {
            throw new BackupException(
                BackupErrors.FormatTooNew,
                $"{pack} has format version {header[5]}; this program reads up to {SealedFormat.Version}",
                isTransient: false,
                "Use the version of the program that wrote it, or a newer one.");
        }

        if (tail.Length < SealedFormat.FooterLength || TailOf(tail[^SealedFormat.FooterLength..], packLength) != tail.Length)
        {
            throw PackDamage.Of(pack, "it does not end as a pack");
        }

        var content = new byte[tail.Length - SealedFormat.FooterLength - SealedFormat.TagLength];
        using var cipher = SealedFormat.CipherOf(keys, header);
        if (!SealedFormat.TryOpen(cipher, SealedFormat.DirectoryRecord, tail[..^SealedFormat.FooterLength], content))
        {
            throw PackDamage.Of(pack, "its directory does not match its tag; it may also be of another repository");
        }

        return new PackDirectory(header.ToArray(), Parse(content, packLength - tail.Length, pack));
    }

    /// <summary>A cipher for the pack's chunks; one for each thread.</summary>
    public AesGcm CreateCipher(RepositoryKeys keys) => SealedFormat.CipherOf(keys, header);

    // What carries a valid tag was written by whoever has the key; that the numbers fit is checked all the same, because they become lengths.
    private static PackEntry[] Parse(ReadOnlySpan<byte> content, long recordsEnd, string pack)
    {
        var count = BinaryPrimitives.ReadInt32BigEndian(content);
        if (count < 1 || count != (content.Length - 4) / PackBuilder.EntryLength || (content.Length - 4) % PackBuilder.EntryLength != 0)
        {
            throw PackDamage.Of(pack, $"its directory of {content.Length} bytes says that it has {count} chunks");
        }

        var entries = new PackEntry[count];
        long end = SealedFormat.HeaderLength;
        for (var index = 0; index < count; index++)
        {
            var at = content.Slice(4 + (index * PackBuilder.EntryLength), PackBuilder.EntryLength);
            var entry = new PackEntry(
                ChunkId.From(at),
                (Compression.Codec)at[ChunkId.Length],
                BinaryPrimitives.ReadInt32BigEndian(at[(ChunkId.Length + 1)..]),
                BinaryPrimitives.ReadInt32BigEndian(at[(ChunkId.Length + 5)..]));
            if (entry.StoredLength < 1 || entry.Length < entry.StoredLength)
            {
                throw PackDamage.Of(pack, $"its chunk {index} has {entry.StoredLength} bytes of {entry.Length}");
            }

            entries[index] = entry;
            end += entry.StoredLength + SealedFormat.TagLength;
        }

        return end == recordsEnd ? entries : throw PackDamage.Of(pack, $"its chunks end at byte {end}, and its directory begins at {recordsEnd}");
    }
}
