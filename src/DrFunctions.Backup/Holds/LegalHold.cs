namespace DrFunctions.Backup.Holds;

/// <summary>A legal hold: no rule and no prune removes what it is on.</summary>
/// <param name="Snapshot">The snapshot it is on; null when it is on a workload.</param>
/// <param name="Workload">The workload whose snapshots it is on, those to come too; null when it is on one snapshot.</param>
/// <param name="By">Who said so.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, UTC, by the clock of the machine on which it was said.</param>
public sealed record LegalHold(string? Snapshot, string? Workload, string By, string Reason, DateTimeOffset At)
{
    /// <summary>The same in words.</summary>
    public override string ToString() => $"legal hold on {(Snapshot is null ? $"workload '{Workload}'" : $"snapshot '{Snapshot}'")} by {By}: {Reason}";
}
