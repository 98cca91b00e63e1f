using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.BackUp;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Testing.Recovery;

/// <summary>Backups in memory: each is a snapshot that <see cref="FakeStoreRestore"/> finds.</summary>
public sealed class FakeStoreBackup(Interception interception, List<string> effects, FakeStoreRestore restore, TimeProvider time) : IStoreBackup
{
    public Task<BackupSummary> BackUpAsync(WorkloadPlan plan, ContainerStore store, RegionRole region, string id, CancellationToken cancellationToken) =>
        interception.CallAsync($"BackUp {store.Name}", () =>
        {
            var snapshots = restore.Snapshots[store.Name];
            if (snapshots.Find(one => one.SnapshotId == id) is not { } point)
            {
                point = new RestorePoint(id, time.GetUtcNow());
                snapshots.Add(point);
                effects.Add($"back up {store.Name}");
            }

            return new BackupSummary(id, point.At, 3, 300);
        });
}
