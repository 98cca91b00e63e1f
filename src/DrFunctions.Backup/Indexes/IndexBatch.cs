using DrFunctions.Backup.Packs;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Indexes;

/// <summary>Packs that are durable, for the next index. Not thread-safe.</summary>
internal sealed class IndexBatch
{
    // About 1 GiB of new data, or 15 MB of memory: what a killed writer may have to find again by the packs' directories.
    private const int ManyPacks = 64;
    private const int ManyChunks = 64 * 1024;

    private readonly List<IndexedPack> packs = [];
    private readonly List<IndexEntry> entries = [];
    private readonly HashSet<ChunkId> known = [];

    /// <summary>Its packs.</summary>
    public IReadOnlyList<IndexedPack> Packs => packs;

    /// <summary>Its chunks, each once.</summary>
    public IReadOnlyList<IndexEntry> Entries => entries;

    /// <summary>Whether it is time to write an index.</summary>
    public bool IsFull => packs.Count >= ManyPacks || entries.Count >= ManyChunks;

    /// <summary>Adds a pack. A chunk that another pack of the batch has, too, is indexed once.</summary>
    /// <param name="pack">The pack.</param>
    /// <param name="chunks">Its chunks, in their order.</param>
    public void Add(IndexedPack pack, IReadOnlyList<PackEntry> chunks)
    {
        var number = packs.Count;
        packs.Add(pack);
        var offset = SealedFormat.HeaderLength;
        for (var record = 0; record < chunks.Count; record++)
        {
            var chunk = chunks[record];
            if (known.Add(chunk.Id))
            {
                entries.Add(new IndexEntry(chunk.Id, new ChunkPlace(number, record, offset, chunk.Codec, chunk.StoredLength, chunk.Length)));
            }

            offset += chunk.StoredLength + SealedFormat.TagLength;
        }
    }
}
