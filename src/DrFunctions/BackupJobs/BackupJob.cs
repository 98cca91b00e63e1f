using DrFunctions.App.Backups;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.BackupJobs;

/// <summary>Work on a policy's backups that somebody started: its document.</summary>
/// <param name="Schema">1.</param>
/// <param name="Id">Its id: the time, and enough randomness for two starts at once.</param>
/// <param name="Workload">The workload.</param>
/// <param name="PlanVersion">The plan it is done by.</param>
/// <param name="Request">What is to be done.</param>
/// <param name="By">Who started it.</param>
/// <param name="Reason">Why.</param>
/// <param name="CreatedAt">When it was started.</param>
/// <param name="State">Where it stands.</param>
/// <param name="IdempotencyKey">What the caller called this start; null when nothing.</param>
/// <param name="EndedAt">When it ended; null until then.</param>
/// <param name="Progress">How far it is; null while nothing is known.</param>
/// <param name="Result">What came of it, also when it failed by what it found; null until it ended.</param>
/// <param name="Error">Why it failed.</param>
public sealed record BackupJob(
    int Schema,
    string Id,
    string Workload,
    string PlanVersion,
    BackupJobRequest Request,
    string By,
    string Reason,
    DateTimeOffset CreatedAt,
    BackupJobState State,
    string? IdempotencyKey = null,
    DateTimeOffset? EndedAt = null,
    BackupJobProgress? Progress = null,
    BackupJobResult? Result = null,
    BackupError? Error = null)
{
    /// <summary>The orchestration's instance id; at most 76 characters.</summary>
    internal string InstanceId => $"backupjob-{Workload}_{Id}";
}

/// <summary>What is to be done.</summary>
/// <param name="Kind">What.</param>
/// <param name="Policy">Of which policy.</param>
/// <param name="Region">The region whose repository it is about; null for the one where users are.</param>
/// <param name="Snapshot">Of restore: which; null for the newest complete one of the policy.</param>
/// <param name="At">Of restore: the newest that is not later; null for any.</param>
/// <param name="Target">Of restore: where to.</param>
/// <param name="UseSource">Of repair: whether content is looked for in the store, too.</param>
/// <param name="DryRun">Of repair: whether nothing is written.</param>
/// <param name="Part">Of check: the part of <see cref="CheckState.Parts"/> that is read; null for all data.</param>
public sealed record BackupJobRequest(
    BackupJobKind Kind,
    string Policy,
    string? Region = null,
    string? Snapshot = null,
    DateTimeOffset? At = null,
    BlobContainer? Target = null,
    bool UseSource = false,
    bool DryRun = false,
    int? Part = null);

/// <summary>What a job does.</summary>
public enum BackupJobKind
{
    /// <summary>Takes a snapshot beside the schedule, and copies it.</summary>
    Run,

    /// <summary>Verifies a region's repository.</summary>
    Check,

    /// <summary>Copies a region's repository to the other region.</summary>
    Copy,

    /// <summary>Restores a snapshot to a container that is empty or not there.</summary>
    Restore,

    /// <summary>Heals a region's repository.</summary>
    Repair,
}

/// <summary>Where a job stands.</summary>
public enum BackupJobState
{
    /// <summary>It is under way, or about to be.</summary>
    Running,

    /// <summary>It did what it was to do, and found nothing wrong.</summary>
    Succeeded,

    /// <summary>It did not; the error says why.</summary>
    Failed,
}

/// <summary>How far a job is.</summary>
/// <param name="PartsDone">Parts that are done.</param>
/// <param name="Parts">All of them.</param>
/// <param name="Bytes">Bytes that were read or written so far.</param>
public sealed record BackupJobProgress(long PartsDone, long Parts, long Bytes);

/// <summary>What came of a job; of its kind the one that is there.</summary>
public sealed record BackupJobResult(
    SnapshotTaken? Taken = null,
    RepositoryChecked? Checked = null,
    RepositoryCopied? Copied = null,
    SnapshotRestored? Restored = null,
    RepositoryRepaired? Repaired = null);

/// <summary>A snapshot that was taken, and copied.</summary>
public sealed record SnapshotTaken(string SnapshotId, DateTimeOffset? RestorePoint, long? Files, long? Bytes, long? BytesAdded);

/// <summary>What a check found in a region's repository; the first twenty problems.</summary>
public sealed record RepositoryChecked(
    string Region, long Snapshots, long Packs, long PacksRead, long BytesRead, long ProblemCount, IReadOnlyList<string> Problems);

/// <summary>What a copy did.</summary>
public sealed record RepositoryCopied(
    string From, string To, long Snapshots, long ObjectsCopied, long ObjectsReused, long BytesCopied, IReadOnlyList<string> DifferingSlots);

/// <summary>What a restore did.</summary>
public sealed record SnapshotRestored(string SnapshotId, DateTimeOffset RestorePoint, BlobContainer Target, long FilesWritten, long FilesUnchanged, long BytesWritten);

/// <summary>What a repair did; the first hundred objects and files.</summary>
public sealed record RepositoryRepaired(
    string Region, bool IsWhole, long ObjectCount, IReadOnlyList<string> Objects, long ChunksSaved, long AffectedCount, IReadOnlyList<string> Affected);
