namespace DrFunctions.Backup.Repairs;

/// <summary>Takes down what a repair finds and does. Thread-safe.</summary>
internal sealed class RepairLog
{
    private const int AffectedKept = 1000;

    private readonly Lock sync = new();
    private readonly SortedDictionary<string, RepairedObject> objects = new(StringComparer.Ordinal);
    private readonly List<AffectedFile> affected = [];
    private long affectedCount;

    public long ChunksFromHere { get; set; }

    public long ChunksFromCopy { get; set; }

    public long ChunksFromSource { get; set; }

    /// <summary>The objects that the copy has.</summary>
    public IReadOnlySet<string> Healable
    {
        get
        {
            lock (sync)
            {
                return objects.Values.Where(item => item.Outcome == RepairOutcome.CanBeHealed).Select(item => item.Key).ToHashSet(StringComparer.Ordinal);
            }
        }
    }

    /// <summary>An object, or what became of one that was taken down before.</summary>
    public void Add(string key, string found, RepairOutcome outcome)
    {
        lock (sync)
        {
            objects[key] = new RepairedObject(key, found, outcome);
        }
    }

    /// <summary>What became of an object that was taken down before.</summary>
    public void Change(string key, RepairOutcome outcome)
    {
        lock (sync)
        {
            objects[key] = objects[key] with { Outcome = outcome };
        }
    }

    public void AddAffected(string snapshotId, string? path, string reason)
    {
        lock (sync)
        {
            if (++affectedCount <= AffectedKept)
            {
                affected.Add(new AffectedFile(snapshotId, path, reason));
            }
        }
    }

    public RepairResult Result() => new()
    {
        Objects = [.. objects.Values],
        ChunksFromHere = ChunksFromHere,
        ChunksFromCopy = ChunksFromCopy,
        ChunksFromSource = ChunksFromSource,
        AffectedCount = affectedCount,
        Affected = affected,
    };
}
