using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;

namespace DrFunctions.Backup.Restores;

/// <summary>
/// Files that are restored together: the chunks they need, each once, and where each belongs, so that every pack is read once for all of them. Filled by one, then read by
/// many.
/// </summary>
/// <param name="mostCost">Bytes of memory that it takes, about; at least one chunk of one file is taken whatever it costs.</param>
internal sealed class RestoreBatch(long mostCost = RestoreBatch.MostCost)
{
    /// <summary>Bytes of memory that a batch takes, about: some 25,000 small files, or 64 GiB of long ones.</summary>
    public const long MostCost = 24 * 1024 * 1024;

    private const int FileCost = 400;
    private const int ChunkCost = 250;
    private const int None = -1;

    private readonly List<RestoredFile> files = [];
    private readonly List<ChunkId> chunks = [];
    private readonly List<int> lastUses = [];
    private readonly List<Use> uses = [];
    private readonly Dictionary<ChunkId, int> numbers = [];
    private long cost;

    /// <summary>The files, in the order they were added; the first and the last may have chunks in other batches, too.</summary>
    public IReadOnlyList<RestoredFile> Files => files;

    /// <summary>The chunks they need, each once.</summary>
    public IReadOnlyList<ChunkId> Chunks => chunks;

    /// <summary>Bytes of memory, about, that an entry takes in a batch.</summary>
    public static long CostOf(ManifestEntry entry) => OwnCostOf(entry) + ((long)ChunkCost * entry.Chunks.Count);

    /// <summary>Takes as many of a file's chunks, from where the last batch ended, as there is room for.</summary>
    /// <returns>Whether it has all of them now; otherwise the next batch must go on.</returns>
    public bool Add(RestoredFile file)
    {
        var own = OwnCostOf(file.Entry);
        if (files.Count > 0 && cost + own + ChunkCost > mostCost)
        {
            return false;
        }

        files.Add(file);
        cost += own;
        var all = file.Entry.Chunks;
        var (number, start) = file.NextChunk;
        var first = number;
        for (; number < all.Count && (number == first || cost < mostCost); number++)
        {
            Want(all[number].Id, file, start, all[number].Length);
            start += all[number].Length;
            cost += ChunkCost;
        }

        file.NextChunk = (number, start);
        return file.IsPlanned;
    }

    /// <summary>Where a chunk belongs.</summary>
    public IEnumerable<Use> UsesOf(int chunk)
    {
        for (var use = lastUses[chunk]; use != None; use = uses[use].Before)
        {
            yield return uses[use];
        }
    }

    private static long OwnCostOf(ManifestEntry entry) =>
        FileCost + (2L * (entry.Source.Path.Length + entry.Source.Version.Length)) + CostOf(entry.Source.Headers) + CostOf(entry.Source.Metadata);

    private static long CostOf(IReadOnlyDictionary<string, string> map)
    {
        var cost = 0L;
        foreach (var (key, value) in map)
        {
            cost += 100 + (2L * (key.Length + value.Length));
        }

        return cost;
    }

    private void Want(ChunkId id, RestoredFile file, long start, int length)
    {
        if (!numbers.TryGetValue(id, out var number))
        {
            numbers[id] = number = chunks.Count;
            chunks.Add(id);
            lastUses.Add(None);
        }

        uses.Add(new Use(file, start, length, lastUses[number]));
        lastUses[number] = uses.Count - 1;
    }

    /// <summary>A place of a chunk.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Start">Where the chunk begins in it, bytes.</param>
    /// <param name="Length">Bytes of the chunk, as the manifest says.</param>
    /// <param name="Before">The chunk's use before this one.</param>
    internal readonly record struct Use(RestoredFile File, long Start, int Length, int Before);
}
