using DrFunctions.Backup;
using DrFunctions.Backup.Repositories;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.Backups;

/// <summary>Restores stores with the backup engine.</summary>
internal sealed class BlobStoreRestore(BackupEngine engine, StoreLocations locations, WorkloadStates states) : IStoreRestore
{
    public Task<RestoreChoice> FindNewestAsync(
        WorkloadPlan plan, ContainerStore store, RegionRole region, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        OpenedRepository repository;
        try
        {
            repository = await locations.OpenAsync(plan.RepositoryIn(region), cancellationToken);
        }
        catch (BackupException none) when (none.Code == BackupErrors.NoRepository)
        {
            return new RestoreChoice(null, [none.Message]); // The first copy makes the standby's.
        }

        using var opened = repository;

        // Where users are not, the container's own past is older than what they wrote elsewhere, whatever its time says: a backup that was
        // begun before they left may have ended after it.
        var own = plan.HasUsersIn(region, await states.ReadAsync(plan.Workload, cancellationToken)) ? null : locations.Source(store.In(region)).Description;
        RestorePoint? newest = null;
        var skipped = new List<string>();
        foreach (var policy in plan.Backups.Where(policy => policy.Store == store.Name))
        {
            var wanted = new SnapshotFilter { Workload = plan.Workload, Policy = policy.Name, OnlyComplete = true, ExceptSource = own };
            var latest = await engine.LatestAsync(repository, wanted, cancellationToken);
            skipped.AddRange(latest.Skipped);
            if (latest.Snapshot is { } snapshot && (newest is null || snapshot.RestorePoint > newest.At))
            {
                newest = new RestorePoint(snapshot.Id, snapshot.RestorePoint);
            }
        }

        return new RestoreChoice(newest, [.. skipped.Distinct()]);
    });

    public Task<RestorePoint?> FindAsync(
        WorkloadPlan plan, ContainerStore store, RegionRole region, string snapshotId, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        using var repository = await locations.OpenAsync(plan.RepositoryIn(region), cancellationToken);
        return await engine.FindAsync(repository, snapshotId, cancellationToken) is { IsComplete: true } found
            && found.Workload == plan.Workload
            && plan.Backups.Any(policy => policy.Store == store.Name && policy.Name == found.Policy)
                ? new RestorePoint(found.Id, found.RestorePoint)
                : null;
    });

    public Task<RestoreSummary> RestoreAsync(
        WorkloadPlan plan,
        ContainerStore store,
        RegionRole region,
        string snapshotId,
        Func<CancellationToken, Task> ensureCurrent,
        CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        using var repository = await locations.OpenAsync(plan.RepositoryIn(region), cancellationToken);
        var restored = await engine.RestoreAsync(
            repository,
            snapshotId,
            locations.Target(store.In(region)),
            new RestoreOptions { BeforeCommit = ensureCurrent },
            cancellationToken: cancellationToken);
        return new RestoreSummary(
            restored.FilesWritten + restored.FilesUnchanged, restored.BytesWritten + restored.BytesUnchanged, restored.BytesWritten);
    });

    private static async Task<T> GuardAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (BackupException exception)
        {
            throw new RecoveryException(exception.Code, exception.Message, exception.IsTransient, exception.Hint, exception);
        }
    }
}
