using DrFunctions.Recovery;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Testing.Recovery;

/// <summary>Snapshots and containers in memory: a container's content is the id of what it holds.</summary>
public sealed class FakeStoreRestore(Interception interception, List<string> effects) : IStoreRestore
{
    /// <summary>Complete snapshots of the stores in the secondary's repository.</summary>
    public Dictionary<string, List<RestorePoint>> Snapshots { get; } = [];

    /// <summary>What the stores' containers in the secondary hold.</summary>
    public Dictionary<string, string> Contents { get; } = [];

    /// <summary>What a search passes over.</summary>
    public List<string> Skipped { get; } = [];

    public Task<RestoreChoice> FindNewestAsync(WorkloadPlan plan, ContainerStore store, RegionRole region, CancellationToken cancellationToken) =>
        interception.CallAsync(
            $"FindNewest {store.Name}",
            () => new RestoreChoice(Snapshots.GetValueOrDefault(store.Name)?.MaxBy(point => point.At), [.. Skipped]));

    public Task<RestorePoint?> FindAsync(WorkloadPlan plan, ContainerStore store, RegionRole region, string snapshotId, CancellationToken cancellationToken) =>
        interception.CallAsync($"Find {store.Name}", () => Snapshots.GetValueOrDefault(store.Name)?.Find(point => point.SnapshotId == snapshotId));

    /// <summary>Awaited by a restore that has begun and written nothing yet.</summary>
    public Func<Task> Pause { get; set; } = () => Task.CompletedTask;

    public async Task<RestoreSummary> RestoreAsync(
        WorkloadPlan plan,
        ContainerStore store,
        RegionRole region,
        string snapshotId,
        Func<CancellationToken, Task> ensureCurrent,
        CancellationToken cancellationToken)
    {
        await Pause();
        await ensureCurrent(cancellationToken);
        return await interception.CallAsync($"Restore {store.Name}", () =>
        {
            if (Snapshots.GetValueOrDefault(store.Name)?.Any(point => point.SnapshotId == snapshotId) != true)
            {
                throw new RecoveryException("SnapshotMissing", $"'{snapshotId}' does not exist.", isTransient: false, "Choose another.");
            }

            var isNew = Contents.GetValueOrDefault(store.Name) != snapshotId;
            if (isNew)
            {
                Contents[store.Name] = snapshotId;
                effects.Add($"restore {store.Name} to {snapshotId}");
            }

            return new RestoreSummary(3, 300, isNew ? 300 : 0);
        });
    }
}
