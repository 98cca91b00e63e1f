using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.Backups;

/// <summary>A store is safe until its newest restore point that both regions hold; unknown while users are being moved.</summary>
internal sealed class BackupCopyLag(BackupLog backups, WorkloadStates states) : ILagSource
{
    public LagBasis Basis => LagBasis.BackupCopy;

    public async Task<LagFinding> ReadAsync(WorkloadPlan plan, DataStore store, CancellationToken cancellationToken) =>
        store is not ContainerStore container ? throw new ArgumentException($"'{store.Name}' has no containers.", nameof(store))
        : (await states.ReadAsync(plan.Workload, cancellationToken)).Arriving ? LagFinding.Unknown("users are being moved: it is not known where they write")
        : await backups.FindNewestCopiedPointAsync(plan, container, cancellationToken) is { } point ? LagFinding.Safe(point)
        : LagFinding.Unknown("nothing of it was copied yet");
}
