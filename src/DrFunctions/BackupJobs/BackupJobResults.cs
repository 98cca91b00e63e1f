using DrFunctions.App.Backups;
using DrFunctions.Backup;
using DrFunctions.Backup.Checks;
using DrFunctions.Backup.Copies;
using DrFunctions.Backup.Repairs;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.BackupJobs;

/// <summary>From what the engine says to what a job's document says. Pure.</summary>
internal static class BackupJobResults
{
    private const int ProblemsShown = 20;
    private const int ObjectsShown = 100;

    public static BackupJobResult Of(string region, RepositoryCheckResult found) => new(Checked: new RepositoryChecked(
        region, found.Snapshots, found.Packs, found.PacksRead, found.BytesRead, found.ProblemCount,
        [.. found.Problems.Take(ProblemsShown).Select(problem => $"{problem.SnapshotId} {problem.Path}: {problem.Code}: {problem.Message}".TrimStart(' ', ':'))]));

    public static BackupJobResult Of(string from, string to, RepositoryCopy copied) => new(Copied: new RepositoryCopied(
        from, to, copied.Snapshots, copied.ObjectsCopied, copied.ObjectsReused, copied.BytesCopied, copied.DifferingSlots));

    public static BackupJobResult Of(RestoreResult restored, BlobContainer target) => new(Restored: new SnapshotRestored(
        restored.Snapshot.Id, restored.Snapshot.RestorePoint, target, restored.FilesWritten, restored.FilesUnchanged, restored.BytesWritten));

    public static BackupJobResult Of(string region, RepairResult repaired) => new(Repaired: new RepositoryRepaired(
        region,
        repaired.IsWhole,
        repaired.Objects.Count,
        [.. repaired.Objects.Take(ObjectsShown).Select(item => $"{item.Key}: {item.Outcome}: {item.Found}")],
        repaired.ChunksFromHere + repaired.ChunksFromCopy + repaired.ChunksFromSource,
        repaired.AffectedCount,
        [.. repaired.Affected.Take(ObjectsShown).Select(file => $"{file.SnapshotId} {file.Path}: {file.Reason}")]));

    public static BackupJobResult Of(BackupRecord record) => new(Taken: new SnapshotTaken(record.SnapshotId, record.RestorePoint, record.Files, record.Bytes, record.BytesAdded));

    /// <summary>What parts come to. A check looks at the structure in each part, and reads other packs: each problem counts where it was found first.</summary>
    public static BackupJobResult? Plus(BackupJobResult? one, BackupJobResult? next) => (one, next) switch
    {
        (null, _) => next,
        (_, null) => one,
        ({ Checked: { } seen }, { Checked: { } more }) => new BackupJobResult(Checked: more with
        {
            PacksRead = seen.PacksRead + more.PacksRead,
            BytesRead = seen.BytesRead + more.BytesRead,
            ProblemCount = Math.Max(seen.ProblemCount, Math.Max(more.ProblemCount, seen.Problems.Union(more.Problems).Count())),
            Problems = [.. seen.Problems.Union(more.Problems).Take(ProblemsShown)],
        }),
        ({ Restored: { } seen }, { Restored: { } more }) => new BackupJobResult(Restored: more with
        {
            FilesWritten = seen.FilesWritten + more.FilesWritten,
            FilesUnchanged = seen.FilesUnchanged + more.FilesUnchanged,
            BytesWritten = seen.BytesWritten + more.BytesWritten,
        }),
        _ => next,
    };

    /// <summary>Why what was found is a failure all the same; null when it is none.</summary>
    public static BackupError? FailureOf(BackupJobResult? result) => result switch
    {
        { Checked: { ProblemCount: > 0 } found } => new BackupError("NotVerified", $"{found.ProblemCount} problems in {found.Region}, the first: {(found.Problems.Count > 0 ? found.Problems[0] : "-")}"),
        { Repaired: { IsWhole: false } lost } => new BackupError("NotVerified", $"Not all could be saved in {lost.Region}: {lost.AffectedCount} files of snapshots cannot be restored."),
        _ => null,
    };
}
