using DrFunctions.Recovery.Objectives;

namespace DrFunctions.Recovery.Backups;

/// <summary>How the backups of a workload are, as far as is recorded.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="At">When it was looked.</param>
/// <param name="RpoSeconds">The plan's RPO.</param>
/// <param name="Policies">Each policy.</param>
public sealed record BackupStatus(string Workload, DateTimeOffset At, double RpoSeconds, IReadOnlyList<PolicyStatus> Policies);

/// <summary>How the backups of a policy are.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Store">Its store.</param>
/// <param name="Regions">The newest restore point of each region's repository, as recorded.</param>
/// <param name="Copy">The newest restore point that both regions hold, against the RPO.</param>
/// <param name="Check">The last check of the repositories.</param>
/// <param name="RestoreTest">The last restore test.</param>
/// <param name="Rule">The 3-2-1 rule.</param>
public sealed record PolicyStatus(
    string Policy, string Store, IReadOnlyList<RegionPoint> Regions, CopyLag Copy, ProofStatus Check, ProofStatus RestoreTest, ThreeTwoOne Rule)
{
    /// <summary>How its old restore points are removed; null where an app does not say.</summary>
    public PruneStatus? Retention { get; init; }
}

/// <summary>What the last prune of the policy's repositories did; it is one for all workloads that share them.</summary>
/// <param name="Verdict">Met when it came to its end, at risk while it is tried again or late, breached when somebody has to look, unknown when there was none.</param>
/// <param name="Detail">The same in words.</param>
/// <param name="Regions">Each region's repository.</param>
public sealed record PruneStatus(ObjectiveVerdict Verdict, string Detail, IReadOnlyList<RegionPruned> Regions);

/// <summary>What the last prune did in a region's repository.</summary>
/// <param name="Region">The region.</param>
/// <param name="At">When it ended.</param>
/// <param name="Kept">Snapshots that stay, of all workloads.</param>
/// <param name="Removed">Snapshots that it removed.</param>
/// <param name="BytesRemoved">Bytes that came back.</param>
/// <param name="BytesWaiting">Bytes that will come back with later prunes.</param>
/// <param name="NextStepAt">When a later prune can take the next step with them; null when none wait.</param>
/// <param name="PassedOver">Workloads that were left alone, and why.</param>
/// <param name="Troubles">What failed, what blocks, and what the storage refuses.</param>
public sealed record RegionPruned(
    string Region,
    DateTimeOffset At,
    int Kept,
    int Removed,
    long BytesRemoved,
    long BytesWaiting,
    DateTimeOffset? NextStepAt,
    IReadOnlyList<string> PassedOver,
    IReadOnlyList<string> Troubles);

/// <summary>What a region's repository holds.</summary>
/// <param name="Region">The region.</param>
/// <param name="RestorePoint">Its newest restore point; null when none is recorded.</param>
public sealed record RegionPoint(string Region, DateTimeOffset? RestorePoint);

/// <summary>How far the copy is behind.</summary>
/// <param name="Verdict">Against the RPO.</param>
/// <param name="RestorePoint">The newest restore point that both regions hold; null when none is known.</param>
/// <param name="LagSeconds">Its age.</param>
public sealed record CopyLag(ObjectiveVerdict Verdict, DateTimeOffset? RestorePoint, double? LagSeconds);

/// <summary>What was last seen of whether backups are good.</summary>
/// <param name="Verdict">Met when they are, breached when they are not.</param>
/// <param name="Detail">What was seen, in words.</param>
/// <param name="At">When; null when it never was.</param>
/// <param name="AgeSeconds">How long ago that is.</param>
public sealed record ProofStatus(ObjectiveVerdict Verdict, string Detail, DateTimeOffset? At = null, double? AgeSeconds = null);
