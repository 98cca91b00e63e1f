using System.Buffers.Binary;
using System.Security.Cryptography;
using DrFunctions.Backup.Compression;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Packs;

/// <summary>
/// What a pack says of itself: the number of its chunks, 4 bytes, and of each its name, its codec, its stored length and its length, 32, 1, 4 and
/// 4 bytes. Immutable; thread-safe.
/// </summary>
internal sealed class PackDirectory
{
    private const int CountLength = 4;
    private const int EntryLength = ChunkId.Length + 1 + 4 + 4;

    private readonly SealedObject pack;
    private readonly PackEntry[] entries;
    private readonly int[] offsets;

    private PackDirectory(SealedObject pack, PackEntry[] entries, int[] offsets) => (this.pack, this.entries, this.offsets) = (pack, entries, offsets);

    /// <summary>Its chunks, in their order.</summary>
    public IReadOnlyList<PackEntry> Entries => entries;

    /// <summary>The pack's first bytes, from which its key is derived.</summary>
    public ReadOnlyMemory<byte> Header => pack.Header;

    /// <summary>Bytes of the directory of a pack with so many chunks.</summary>
    public static int LengthOf(int chunks) => CountLength + (chunks * EntryLength);

    /// <summary>The directory of a pack with these chunks.</summary>
    public static byte[] Write(IReadOnlyList<PackEntry> entries)
    {
        var directory = new byte[LengthOf(entries.Count)];
        BinaryPrimitives.WriteInt32BigEndian(directory, entries.Count);
        var at = CountLength;
        foreach (var entry in entries)
        {
            var place = directory.AsSpan(at, EntryLength);
            entry.Id.Write(place);
            place[ChunkId.Length] = (byte)entry.Codec;
            BinaryPrimitives.WriteInt32BigEndian(place[(ChunkId.Length + 1)..], entry.StoredLength);
            BinaryPrimitives.WriteInt32BigEndian(place[(ChunkId.Length + 5)..], entry.Length);
            at += EntryLength;
        }

        return directory;
    }

    /// <summary>Reads the directory of an opened pack.</summary>
    /// <param name="pack">The pack.</param>
    /// <param name="name">The pack in words, for the error.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.DataDamaged"/>.</exception>
    /// <remarks>What carries a valid tag was written by whoever has the key; that the numbers fit is checked all the same: they become lengths.</remarks>
    public static PackDirectory Read(SealedObject pack, string name)
    {
        var content = pack.Directory.Span;
        var count = content.Length < CountLength ? 0 : BinaryPrimitives.ReadInt32BigEndian(content);
        if (count < 1 || content.Length != CountLength + ((long)count * EntryLength))
        {
            throw SealedObject.Damaged(name, $"its directory of {content.Length} bytes says that it has {count} chunks");
        }

        var entries = new PackEntry[count];
        var offsets = new int[count];
        long end = SealedFormat.HeaderLength;
        for (var index = 0; index < count; index++)
        {
            var place = content.Slice(CountLength + (index * EntryLength), EntryLength);
            var entry = new PackEntry(
                ChunkId.From(place),
                (Codec)place[ChunkId.Length],
                BinaryPrimitives.ReadInt32BigEndian(place[(ChunkId.Length + 1)..]),
                BinaryPrimitives.ReadInt32BigEndian(place[(ChunkId.Length + 5)..]));
            if (entry.StoredLength < 1 || entry.Length < entry.StoredLength || end > int.MaxValue)
            {
                throw SealedObject.Damaged(name, $"its chunk {index} at byte {end} has {entry.StoredLength} bytes of {entry.Length}");
            }

            (entries[index], offsets[index]) = (entry, (int)end);
            end += entry.StoredLength + SealedFormat.TagLength;
        }

        return end == pack.RecordsEnd
            ? new PackDirectory(pack, entries, offsets)
            : throw SealedObject.Damaged(name, $"its chunks end at byte {end}, and its directory begins at {pack.RecordsEnd}");
    }

    /// <summary>Where a chunk begins in the pack; it has its stored length and a tag.</summary>
    public int OffsetOf(int index) => offsets[index];

    /// <summary>A cipher for the pack's chunks; one for each thread.</summary>
    public AesGcm CreateCipher(RepositoryKeys keys) => pack.CreateCipher(keys);
}
