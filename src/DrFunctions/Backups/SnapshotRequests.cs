using DrFunctions.Backup;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.Backups;

/// <summary>From a plan's policy to what the engine is asked for. Pure.</summary>
internal static class SnapshotRequests
{
    // A schedule whose seventh day begins a second early still has its full backup on that day.
    private static readonly TimeSpan Early = TimeSpan.FromHours(1);

    public static SnapshotRequest Of(string id, string workload, BackupPolicy policy) => new(id, workload, policy.Name)
    {
        Kind = policy.Kind switch
        {
            BackupKind.Full => SnapshotKind.Full,
            BackupKind.Differential => SnapshotKind.Differential,
            _ => SnapshotKind.Incremental,
        },
        FullEvery = policy.FullEvery - Early,
    };
}
