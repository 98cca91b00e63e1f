using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.BackUp;

/// <summary>Takes backups of stores at once, beside their schedules.</summary>
public interface IStoreBackup
{
    /// <summary>
    /// Takes a snapshot of the store in a region into that region's repository, and a verified copy into the other's. Idempotent by
    /// its id: one that is whole is not taken again.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="store">A store that some policy backs up.</param>
    /// <param name="region">The region whose container is read.</param>
    /// <param name="id">What makes this backup itself: lower-case letters, digits and '-'.</param>
    /// <param name="cancellationToken">Stops the backup.</param>
    /// <exception cref="RecoveryException">Storage refuses or does not answer; <c>SnapshotIncomplete</c> when files could not be read.</exception>
    Task<BackupSummary> BackUpAsync(WorkloadPlan plan, ContainerStore store, RegionRole region, string id, CancellationToken cancellationToken);
}

/// <summary>What was backed up.</summary>
/// <param name="SnapshotId">Its id.</param>
/// <param name="RestorePoint">The time that it shows.</param>
/// <param name="Files">Number of files.</param>
/// <param name="Bytes">Their bytes.</param>
public sealed record BackupSummary(string SnapshotId, DateTimeOffset RestorePoint, long Files, long Bytes);
