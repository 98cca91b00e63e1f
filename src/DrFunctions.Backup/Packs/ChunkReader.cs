using System.Security.Cryptography;
using DrFunctions.Backup.Compression;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Packs;

/// <summary>Makes the content of chunks out of what is stored, and authenticates it. One for each thread that works: not thread-safe.</summary>
internal sealed class ChunkReader(RepositoryKeys keys) : IDisposable
{
    private readonly ChunkCompressor compressor = new(Codec.None);
    private byte[] plain = [];

    /// <summary>Reads a chunk.</summary>
    /// <param name="cipher">The pack's.</param>
    /// <param name="record">Its number in the pack.</param>
    /// <param name="entry">What the directory says of it.</param>
    /// <param name="stored">Its bytes in the pack, with the tag.</param>
    /// <param name="target">Exactly as long as its content.</param>
    /// <param name="pack">The pack in words, for the error.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.DataDamaged"/>.</exception>
    /// <exception cref="NotSupportedException">The machine has no library for its codec.</exception>
    public void Read(AesGcm cipher, int record, in PackEntry entry, ReadOnlySpan<byte> stored, Span<byte> target, string pack)
    {
        if (plain.Length < entry.StoredLength)
        {
            plain = GC.AllocateUninitializedArray<byte>(entry.StoredLength);
        }

        var compressed = entry.Codec == Codec.None ? target : plain.AsSpan(0, entry.StoredLength);
        if (!SealedFormat.TryOpen(cipher, (ulong)record, stored, compressed))
        {
            throw SealedObject.Damaged(pack, $"its chunk {record} does not match its tag");
        }

        if (entry.Codec != Codec.None && !compressor.TryDecompress(entry.Codec, compressed, target))
        {
            throw SealedObject.Damaged(pack, $"its chunk {record} is no {entry.Codec} content of {entry.Length} bytes");
        }

        // The tag says that the bytes are those that were written there; the name, that they are those that the file had.
        Span<byte> id = stackalloc byte[ChunkId.Length];
        keys.NameChunk(target, id);
        if (ChunkId.From(id) != entry.Id)
        {
            throw SealedObject.Damaged(pack, $"its chunk {record} is not the content that its name says");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => compressor.Dispose();
}
