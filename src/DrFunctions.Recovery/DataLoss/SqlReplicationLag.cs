using DrFunctions.Recovery.SqlFailoverGroups;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.DataLoss;

/// <summary>
/// How far a SQL failover group is behind is nothing that Resource Manager or Azure Monitor tells; the databases themselves do, and are not
/// asked. So that it is unknown, with the state of the replication as the reason: following is no measure of time.
/// </summary>
public sealed class SqlReplicationLag(ISqlFailoverGroups groups, WorkloadStates states) : ILagSource
{
    /// <inheritdoc/>
    public LagBasis Basis => LagBasis.SqlReplication;

    /// <inheritdoc/>
    public async Task<LagFinding> ReadAsync(WorkloadPlan plan, DataStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var pair = store as SqlGroupStore ?? throw new ArgumentException($"'{store.Name}' is no failover group.", nameof(store));
        var active = (await states.ReadAsync(plan.Workload, cancellationToken)).Active;
        var standby = pair.In(active == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary);
        return await groups.ReadAsync(standby, cancellationToken) switch
        {
            null => LagFinding.Unknown($"the failover group '{standby.Name}' does not exist on '{standby.ParentName}'"),
            { IsPrimary: true } => LagFinding.Unknown($"'{standby.ParentName}' is the primary of '{standby.Name}' already"),
            { ReplicationState: { Length: > 0 } state } => LagFinding.Unknown($"the replication to '{standby.ParentName}' is {state}, and the service does not say how far behind it is"),
            _ => LagFinding.Unknown($"the service does not say how the replication to '{standby.ParentName}' is doing"),
        };
    }
}
