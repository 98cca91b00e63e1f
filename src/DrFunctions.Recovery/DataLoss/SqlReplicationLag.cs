using DrFunctions.Recovery.SqlFailoverGroups;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.DataLoss;

/// <summary>
/// How far a SQL failover group is behind is nothing that Resource Manager or Azure Monitor tells; the databases themselves do, and are not
/// asked. So that it is unknown, with the state of the replication as the reason: following is no measure of time.
/// </summary>
public sealed class SqlReplicationLag(ISqlFailoverGroups groups) : ILagSource
{
    /// <inheritdoc/>
    public LagBasis Basis => LagBasis.SqlReplication;

    /// <inheritdoc/>
    public async Task<LagFinding> ReadAsync(WorkloadPlan plan, DataStore store, RegionRole standby, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var pair = store as SqlGroupStore ?? throw new ArgumentException($"'{store.Name}' is no failover group.", nameof(store));
        var group = pair.In(standby);
        return await groups.ReadAsync(group, cancellationToken) switch
        {
            null => LagFinding.Unknown($"the failover group '{group.Name}' does not exist on '{group.ParentName}'"),
            { IsPrimary: true } => LagFinding.Unknown($"'{group.ParentName}' is the primary of '{group.Name}' already"),
            { ReplicationState: { Length: > 0 } state } => LagFinding.Unknown($"the replication to '{group.ParentName}' is {state}, and the service does not say how far behind it is"),
            _ => LagFinding.Unknown($"the service does not say how the replication to '{group.ParentName}' is doing"),
        };
    }
}
