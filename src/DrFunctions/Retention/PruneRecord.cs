using DrFunctions.App.Backups;

namespace DrFunctions.App.Retention;

/// <summary>What a prune did, as it is kept. Created once.</summary>
/// <param name="Schema">1.</param>
/// <param name="Name">The occurrence, and its attempt: see <see cref="PruneInput.Name"/>.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Places">What came of each repository that it was of.</param>
public sealed record PruneRecord(int Schema, string Name, DateTimeOffset StartedAt, DateTimeOffset EndedAt, IReadOnlyList<PlacePruned> Places)
{
    /// <summary>What somebody should look at, a sentence each; empty when nothing. What failed may be tried again by itself.</summary>
    internal IEnumerable<string> Troubles => Places.SelectMany(place => place.Troubles);
}

/// <summary>What came of a repository.</summary>
/// <param name="Place">The repository.</param>
/// <param name="Error">Why the prune did not come to its end there; null when it did.</param>
public sealed record PlacePruned(PrunePlace Place, BackupError? Error = null)
{
    /// <summary>Snapshots that stay.</summary>
    public int Kept { get; init; }

    /// <summary>Snapshots that were removed.</summary>
    public int Removed { get; init; }

    /// <summary>How many snapshots each rule keeps, or lets go (<c>NoRule</c>), by its name; one may be kept by several.</summary>
    public IReadOnlyDictionary<string, int> Decisions { get; init; } = new Dictionary<string, int>();

    /// <summary>Bytes that came back.</summary>
    public long BytesRemoved { get; init; }

    /// <summary>Bytes that will come back with later prunes.</summary>
    public long BytesWaiting { get; init; }

    /// <summary>When a later prune can take the next step with them; null when none wait.</summary>
    public DateTimeOffset? NextStepAt { get; init; }

    /// <summary>Why no pack was removed; the first 20.</summary>
    public IReadOnlyList<string> Blocked { get; init; } = [];

    /// <summary>What the storage refused to remove; the first 20.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    /// <summary>Workloads whose snapshots were left alone this time, and why.</summary>
    public IReadOnlyList<string> PassedOver { get; init; } = [];

    internal IEnumerable<string> Troubles => (Error is null ? [] : new[] { $"{Place.Region}: {Error.Message}" })
        .Concat(Blocked.Select(why => $"{Place.Region}: no pack was removed: {why}"))
        .Concat(Refused.Select(what => $"{Place.Region}: the storage refuses to remove {what}"));
}
