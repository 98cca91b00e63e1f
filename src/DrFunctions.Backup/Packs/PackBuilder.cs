using System.Buffers.Binary;
using System.Security.Cryptography;
using DrFunctions.Backup.Compression;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Packs;

/// <summary>Fills one pack after the other in one buffer of a fixed size. Not thread-safe.</summary>
/// <param name="keys">The repository's keys.</param>
/// <param name="capacity">Bytes of the longest pack: at least one chunk of the longest kind, with what the format adds.</param>
/// <param name="random">Fills a salt; default: the system's random numbers. A salt that comes twice gives two packs one key.</param>
internal sealed class PackBuilder(RepositoryKeys keys, int capacity, Action<Span<byte>>? random = null) : IDisposable
{
    /// <summary>Bytes of an entry in the directory: id, codec, stored length, length.</summary>
    public const int EntryLength = ChunkId.Length + 1 + 4 + 4;

    // The directory's count and tag, and the footer.
    private const int Closing = 4 + SealedFormat.TagLength + SealedFormat.FooterLength;

    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(capacity);
    private readonly List<PackEntry> entries = [];
    private AesGcm? cipher;
    private int end;

    /// <summary>Chunks in the pack so far.</summary>
    public int Count => entries.Count;

    /// <summary>Bytes that the pack would have if it were closed now.</summary>
    public int Length => end + (entries.Count * EntryLength) + Closing;

    /// <summary>Whether a chunk of that many stored bytes still fits.</summary>
    public bool Fits(int storedLength) =>
        (entries.Count == 0 ? SealedFormat.HeaderLength + Closing : Length) + (long)storedLength + SealedFormat.TagLength + EntryLength <= capacity;

    /// <summary>Adds a chunk.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="codec">How <paramref name="stored"/> is compressed.</param>
    /// <param name="stored">Its bytes as they are stored, not yet encrypted.</param>
    /// <param name="length">Bytes of its content.</param>
    /// <exception cref="InvalidOperationException">It does not fit.</exception>
    public void Add(ChunkId id, Codec codec, ReadOnlySpan<byte> stored, int length)
    {
        if (!Fits(stored.Length))
        {
            throw new InvalidOperationException($"a chunk of {stored.Length} bytes does not fit into a pack of {capacity} that has {Length}");
        }

        cipher ??= Begin();
        var content = buffer.AsSpan(end, stored.Length);
        stored.CopyTo(content);
        SealedFormat.Seal(cipher, (ulong)entries.Count, content, buffer.AsSpan(end + stored.Length, SealedFormat.TagLength));
        end += stored.Length + SealedFormat.TagLength;
        entries.Add(new PackEntry(id, codec, stored.Length, length));
    }

    /// <summary>Closes the pack and begins an empty one. What is returned is good until the next chunk is added.</summary>
    /// <exception cref="InvalidOperationException">It is empty.</exception>
    public ClosedPack Close()
    {
        if (cipher is null)
        {
            throw new InvalidOperationException("the pack has no chunk");
        }

        var directory = buffer.AsSpan(end, 4 + (entries.Count * EntryLength));
        WriteDirectory(directory);
        SealedFormat.Seal(cipher, SealedFormat.DirectoryRecord, directory, buffer.AsSpan(end + directory.Length, SealedFormat.TagLength));
        var footer = buffer.AsSpan(end + directory.Length + SealedFormat.TagLength, SealedFormat.FooterLength);
        BinaryPrimitives.WriteInt32BigEndian(footer, directory.Length + SealedFormat.TagLength);
        SealedFormat.EndMagic.CopyTo(footer[4..]);
        var content = buffer.AsMemory(0, Length);
        var closed = new ClosedPack(PackId.Of(content.Span), content, [.. entries]);
        cipher.Dispose();
        cipher = null;
        entries.Clear();
        return closed;
    }

    /// <inheritdoc/>
    public void Dispose() => cipher?.Dispose();

    private AesGcm Begin()
    {
        Span<byte> salt = stackalloc byte[SealedFormat.SaltLength];
        (random ?? RandomNumberGenerator.Fill)(salt);
        SealedFormat.WriteHeader(buffer, SealedKind.Pack, salt);
        end = SealedFormat.HeaderLength;
        return SealedFormat.CipherOf(keys, buffer.AsSpan(0, SealedFormat.HeaderLength));
    }

    private void WriteDirectory(Span<byte> directory)
    {
        BinaryPrimitives.WriteInt32BigEndian(directory, entries.Count);
        var at = 4;
        foreach (var entry in entries)
        {
            entry.Id.Write(directory[at..]);
            directory[at + ChunkId.Length] = (byte)entry.Codec;
            BinaryPrimitives.WriteInt32BigEndian(directory[(at + ChunkId.Length + 1)..], entry.StoredLength);
            BinaryPrimitives.WriteInt32BigEndian(directory[(at + ChunkId.Length + 5)..], entry.Length);
            at += EntryLength;
        }
    }
}
