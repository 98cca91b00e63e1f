using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.Backups;

/// <summary>A store is safe until its newest restore point that both regions hold; unknown while users are being moved.</summary>
internal sealed class BackupCopyLag(BackupLog backups, WorkloadStates states) : ILagSource
{
    public string Name => "backup-copy";

    public async Task<DateTimeOffset?> ReadAsync(WorkloadPlan plan, DataStore store, CancellationToken cancellationToken) =>
        (await states.ReadAsync(plan.Workload, cancellationToken)).Arriving
            ? null
            : await backups.FindNewestCopiedPointAsync(plan, store, cancellationToken);
}
