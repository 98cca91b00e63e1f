using DrFunctions.Backup;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Steps.BackUp;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.Backups;

/// <summary>Takes backups at once with the backup engine.</summary>
internal sealed class BlobStoreBackup(BackupEngine engine, StoreLocations locations, BackupLog log) : IStoreBackup
{
    public async Task<BackupSummary> BackUpAsync(
        WorkloadPlan plan, ContainerStore store, RegionRole region, string id, CancellationToken cancellationToken)
    {
        var policy = plan.Backups.FirstOrDefault(policy => policy.Store == store.Name) ?? throw new RecoveryException(
            "NothingBacksUp", $"No policy of the plan backs up '{store.Name}'.", isTransient: false, "Add an item to the plan's backups.");
        var other = region == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary;
        var (from, to) = (plan.RepositoryIn(region), plan.RepositoryIn(other));
        try
        {
            using var repository = await locations.OpenAsync(from, cancellationToken);
            var snapshot = await engine.BackupAsync(
                locations.Source(store.In(region)), repository, SnapshotRequests.Of(id, plan.Workload, policy), cancellationToken: cancellationToken);
            if (!snapshot.IsComplete)
            {
                throw new RecoveryException(
                    "SnapshotIncomplete", $"{snapshot.Unread} of {snapshot.Files} files of '{store.Name}' could not be read.", isTransient: true,
                    "Look at which files are skipped, and at who writes them.");
            }

            await engine.CopyAsync(repository, locations.Repository(to), cancellationToken: cancellationToken);
            await log.AdvancePointAsync(plan.Workload, policy.Name, snapshot.RestorePoint, store.In(region), (from, to), cancellationToken);
            return new BackupSummary(id, snapshot.RestorePoint, snapshot.Files, snapshot.Bytes);
        }
        catch (BackupException exception)
        {
            throw new RecoveryException(exception.Code, exception.Message, exception.IsTransient, exception.Hint, exception);
        }
    }
}
