using DrFunctions.Backup.Manifests;

namespace DrFunctions.Backup.Backups;

/// <summary>What was taken of a stretch of a source.</summary>
/// <param name="Manifest">The manifest's part.</param>
/// <param name="Files">Files whose content is in it.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="BytesAdded">Bytes of their content that the repository did not have.</param>
/// <param name="Vanished">Files that were gone when they were read.</param>
/// <param name="Unread">Files that are not in it though the source has them.</param>
internal sealed record BackupPart(ManifestPart Manifest, long Files, long Bytes, long BytesAdded, long Vanished, long Unread)
{
    /// <summary>A snapshot of such parts.</summary>
    /// <param name="request">What it is called.</param>
    /// <param name="source">The source in words.</param>
    /// <param name="restorePoint">The time it shows.</param>
    /// <param name="completedAt">Now.</param>
    /// <param name="parent">What it relied on, and the full one that leads to; null for nothing.</param>
    /// <param name="parts">All parts, in the order of their paths.</param>
    public static Snapshot SnapshotOf(
        SnapshotRequest request,
        string source,
        DateTimeOffset restorePoint,
        DateTimeOffset completedAt,
        (string? Id, string? LastFull) parent,
        IReadOnlyCollection<BackupPart> parts) => new()
        {
            Id = request.Id,
            Workload = request.Workload,
            Policy = request.Policy,
            Source = source,
            Kind = parent.Id is null ? SnapshotKind.Full : request.Kind,
            Parent = parent.Id,
            LastFull = parent.LastFull,
            RestorePoint = restorePoint.ToUniversalTime(),
            CompletedAt = completedAt.ToUniversalTime(),
            Files = parts.Sum(part => part.Files),
            Bytes = parts.Sum(part => part.Bytes),
            BytesAdded = parts.Sum(part => part.BytesAdded),
            Vanished = parts.Sum(part => part.Vanished),
            Unread = parts.Sum(part => part.Unread),
        };
}
