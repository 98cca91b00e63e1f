using DrFunctions.Backup;

namespace DrFunctions.App.Backups;

/// <summary>One backup of one policy, as it is kept.</summary>
/// <param name="Schema">1.</param>
/// <param name="Workload">The workload.</param>
/// <param name="Policy">The policy.</param>
/// <param name="Occurrence">The occurrence of its schedule, as <c>yyyyMMddTHHmmZ</c>; <c>-002</c> and so on for further attempts.</param>
/// <param name="Store">The store; empty, as the regions are, when the backup failed before it could read its plan.</param>
/// <param name="SnapshotId">The snapshot's id, in both repositories.</param>
/// <param name="From">The region it is taken in.</param>
/// <param name="To">The region it is copied to.</param>
/// <param name="State">Where it stands.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="RestorePoint">The time it shows; null until the snapshot is complete.</param>
/// <param name="Files">Number of files.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Kind">What the snapshot relied on.</param>
/// <param name="Parent">The snapshot it relied on; null of a full one.</param>
/// <param name="BytesAdded">Bytes of the files' content that the repository did not have before.</param>
/// <param name="BackupSeconds">How long the snapshot took.</param>
/// <param name="CopySeconds">How long the verified copy took.</param>
/// <param name="Error">Why it failed.</param>
public sealed record BackupRecord(
    int Schema,
    string Workload,
    string Policy,
    string Occurrence,
    string Store,
    string SnapshotId,
    string From,
    string To,
    BackupState State,
    DateTimeOffset StartedAt,
    DateTimeOffset? RestorePoint = null,
    long? Files = null,
    long? Bytes = null,
    SnapshotKind? Kind = null,
    string? Parent = null,
    long? BytesAdded = null,
    double? BackupSeconds = null,
    double? CopySeconds = null,
    BackupError? Error = null);

/// <summary>Where a backup stands.</summary>
public enum BackupState
{
    /// <summary>The snapshot is being taken.</summary>
    Running,

    /// <summary>The snapshot is complete in its own region, and being copied.</summary>
    Taken,

    /// <summary>It is complete and verified in both regions.</summary>
    Copied,

    /// <summary>It failed; the error says why.</summary>
    Failed,
}

/// <summary>Why a backup failed.</summary>
/// <param name="Code">Stable.</param>
/// <param name="Message">What was expected and found.</param>
public sealed record BackupError(string Code, string Message)
{
    /// <summary>No error: as many backups as may are under way, and this one waits for its turn. Never kept in a record.</summary>
    public static BackupError Busy { get; } = new("BackupsBusy", "As many backups as may run at once are under way.");
}
