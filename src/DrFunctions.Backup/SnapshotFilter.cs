namespace DrFunctions.Backup;

/// <summary>Which snapshots a search is about. Default: all.</summary>
public sealed record SnapshotFilter
{
    /// <summary>The workload; null for any.</summary>
    public string? Workload { get; init; }

    /// <summary>The policy; null for any.</summary>
    public string? Policy { get; init; }

    /// <summary>The latest restore point, inclusive; null for any.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Whether snapshots that lack files are passed over, and named. Default false.</summary>
    public bool OnlyComplete { get; init; }

    /// <summary>Passes over what was taken of this source, by its <see cref="Snapshot.Source"/>; null for none.</summary>
    public string? ExceptSource { get; init; }

    internal bool Fits(Snapshot snapshot) =>
        (Workload is null || snapshot.Workload == Workload)
        && (Policy is null || snapshot.Policy == Policy)
        && (At is null || snapshot.RestorePoint <= At)
        && snapshot.Source != ExceptSource;
}
