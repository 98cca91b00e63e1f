using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.DataLoss;

/// <summary>Which basis counts for a store. Pure.</summary>
public static class LagBases
{
    /// <summary>
    /// What the failover of an alert would bring back. A container's account counts by its own replication only where the runbook fails
    /// the account over and restores no backup over it; anything else would promise what the failover does not keep.
    /// </summary>
    public static LagBasis Of(WorkloadPlan plan, DataStore store)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(store);
        return store switch
        {
            PostgresStore => LagBasis.PostgresReplication,
            SqlGroupStore => LagBasis.SqlReplication,
            ContainerStore { PrimaryAccount: { } account } when FailsOver(plan, account) && !Restores(plan, store) => LagBasis.StorageSync,
            _ => LagBasis.BackupCopy,
        };
    }

    /// <summary>The name in records and messages, such as <c>backup-copy</c>.</summary>
    public static string Name(this LagBasis basis) => basis switch
    {
        LagBasis.BackupCopy => "backup-copy",
        LagBasis.StorageSync => "storage-sync",
        LagBasis.PostgresReplication => "postgres-replication",
        LagBasis.SqlReplication => "sql-replication",
        _ => throw new ArgumentOutOfRangeException(nameof(basis), basis, "This basis has no name yet."),
    };

    private static bool FailsOver(WorkloadPlan plan, ResourceId account) =>
        Steps(plan).OfType<IPromotesRegion>().Any(step => step.Promoted == account && step.Region == RegionRole.Secondary);

    private static bool Restores(WorkloadPlan plan, DataStore store) =>
        Steps(plan).OfType<IRestoresStore>().Any(step => step.Store == store.Name && step.Region == RegionRole.Secondary);

    private static IReadOnlyList<Runbooks.RunbookStep> Steps(WorkloadPlan plan) =>
        plan.Runbooks.GetValueOrDefault(plan.Incidents.Runbook)?.Steps ?? [];
}
