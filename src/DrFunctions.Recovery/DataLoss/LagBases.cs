using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.DataLoss;

/// <summary>Which basis counts for a store. Pure.</summary>
public static class LagBases
{
    /// <summary>
    /// What leaving the region that carries the workload would bring along. A container's account counts by its own replication only where
    /// the runbook fails the account over and restores no backup over it; anything else would promise what the failover does not keep.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="store">One of its stores.</param>
    /// <param name="standby">Where the data is to be: in the secondary by the alert's runbook, back home by every runbook that moves users there.</param>
    public static LagBasis Of(WorkloadPlan plan, DataStore store, RegionRole standby)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(store);
        return store switch
        {
            PostgresStore => LagBasis.PostgresReplication,
            SqlGroupStore => LagBasis.SqlReplication,
            ContainerStore { PrimaryAccount: { } account } when FailsOver(plan, account, standby) && !Restores(plan, store, standby) => LagBasis.StorageSync,
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

    private static bool FailsOver(WorkloadPlan plan, ResourceId account, RegionRole standby) => Runbooks(plan, standby) is { Count: > 0 } runbooks
        && runbooks.All(runbook => runbook.Steps.OfType<IPromotesRegion>().Any(step => step.Promoted == account && step.Region == standby));

    private static bool Restores(WorkloadPlan plan, DataStore store, RegionRole standby) => Runbooks(plan, standby).Exists(
        runbook => runbook.Steps.OfType<IRestoresStore>().Any(step => step.Store == store.Name && step.Region == standby));

    private static List<Runbook> Runbooks(WorkloadPlan plan, RegionRole standby) => [.. plan.Runbooks.Values.Where(runbook => standby == RegionRole.Secondary
        ? runbook.Name == plan.Incidents.Runbook
        : runbook.Steps.Any(step => step is IMovesUsers { To: RegionRole.Primary } or ISharesUsers { To: RegionRole.Primary }))];
}
