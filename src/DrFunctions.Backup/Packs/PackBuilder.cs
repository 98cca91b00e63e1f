using DrFunctions.Backup.Compression;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Packs;

/// <summary>Fills one pack after the other in one buffer of a fixed size. Not thread-safe.</summary>
/// <param name="keys">The repository's keys.</param>
/// <param name="capacity">Bytes of the longest pack: at least one chunk of the longest kind, with what the format adds.</param>
/// <param name="random">Fills a salt; default: the system's random numbers.</param>
internal sealed class PackBuilder(RepositoryKeys keys, int capacity, Action<Span<byte>>? random = null) : IDisposable
{
    // So that the directory of a pack of tiny files is read by few requests, and an index has room for all of it.
    private const int MostChunks = 64 * 1024;

    private readonly SealedWriter writer = new(keys, SealedKind.Pack, capacity, random);
    private readonly List<PackEntry> entries = [];

    /// <summary>Chunks in the pack so far.</summary>
    public int Count => entries.Count;

    /// <summary>Whether a chunk of that many stored bytes still fits.</summary>
    public bool Fits(int storedLength) => entries.Count < MostChunks
        && writer.LengthWith(PackDirectory.LengthOf(entries.Count + 1)) + storedLength + SealedFormat.TagLength <= writer.Capacity;

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
            throw new InvalidOperationException($"a chunk of {stored.Length} bytes does not fit into a pack of {writer.Capacity} that has {entries.Count} chunks");
        }

        writer.Append(stored);
        entries.Add(new PackEntry(id, codec, stored.Length, length));
    }

    /// <summary>Closes the pack and begins an empty one. What is returned is good until the next chunk is added.</summary>
    /// <exception cref="InvalidOperationException">It is empty.</exception>
    public ClosedPack Close()
    {
        if (entries.Count == 0)
        {
            throw new InvalidOperationException("the pack has no chunk");
        }

        var content = writer.Close(PackDirectory.Write(entries));
        var closed = new ClosedPack(PackId.Of(content.Span), content, [.. entries]);
        entries.Clear();
        return closed;
    }

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();
}
