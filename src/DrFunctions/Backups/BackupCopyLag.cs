using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.Backups;

/// <summary>A store is safe until its newest restore point that both regions hold, whichever of them is the standby.</summary>
internal sealed class BackupCopyLag(BackupLog backups) : ILagSource
{
    public LagBasis Basis => LagBasis.BackupCopy;

    public async Task<LagFinding> ReadAsync(WorkloadPlan plan, DataStore store, RegionRole standby, CancellationToken cancellationToken) =>
        store is not ContainerStore container ? throw new ArgumentException($"'{store.Name}' has no containers.", nameof(store))
        : await backups.FindNewestCopiedPointAsync(plan, container, cancellationToken) is { } point ? LagFinding.Safe(point)
        : LagFinding.Unknown("nothing of it was copied yet");
}
