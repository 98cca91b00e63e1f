using System.Globalization;
using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Metrics;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.DataLoss;

/// <summary>
/// A PostgreSQL store is safe until the time of its replica's last replayed transaction: the metric "Read Replica Lag" of the standby's
/// server, which Azure Monitor has a minute or more late. Where nothing is written, nothing is replayed, and the lag looks longer than it
/// is; never shorter. After a switchover the old primary is the replica, and measured; one that was promoted out of its replication, or
/// that nobody made a replica again, follows nobody, and what it has is unknown.
/// </summary>
/// <remarks>
/// Microsoft's reference "Supported metrics for Microsoft.DBforPostgreSQL/flexibleServers": unit seconds, a value a minute, no dimension. Only
/// a replica has values of it (its primary has physical_replication_delay_in_bytes); of any other server the answer has no time series.
/// </remarks>
public sealed class PostgresReplicationLag(IFlexibleServers servers, IMetrics metrics) : ILagSource
{
    /// <summary>The metric's name: seconds since the last transaction that the replica replayed.</summary>
    public const string Metric = "physical_replication_delay_in_seconds";

    private static readonly TimeSpan s_back = TimeSpan.FromMinutes(30);

    /// <inheritdoc/>
    public LagBasis Basis => LagBasis.PostgresReplication;

    /// <inheritdoc/>
    public async Task<LagFinding> ReadAsync(WorkloadPlan plan, DataStore store, RegionRole standby, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var pair = store as PostgresStore ?? throw new ArgumentException($"'{store.Name}' is not on PostgreSQL.", nameof(store));
        var (from, to) = (pair.In(standby.Other()), pair.In(standby));

        // Of a server that follows nobody, or another one, the metric says nothing of this store.
        switch (await servers.ReadAsync(to, cancellationToken))
        {
            case null:
                return LagFinding.Unknown($"the server '{to.Name}' does not exist");
            case { Role: not ReplicationRole.Replica } server:
                return LagFinding.Unknown($"the server '{to.Name}' is no replica ({server.Role})");
            case { Source: { } source } when source != from:
                return LagFinding.Unknown($"the server '{to.Name}' follows '{source.Name}', expected '{from.Name}'");
        }

        if (await metrics.ReadNewestAsync(to, Metric, s_back, cancellationToken) is { } point)
        {
            return point.Value is >= 0 and < 1e9
                ? LagFinding.Safe(point.At - TimeSpan.FromSeconds(point.Value))
                : LagFinding.Unknown(string.Create(CultureInfo.InvariantCulture, $"the metric of '{to.Name}' is {point.Value}, expected seconds"));
        }

        // What the state adds is for people: it is no measure of time.
        var replication = await servers.ReadReplicationAsync(from, to, cancellationToken);
        return LagFinding.Unknown($"Azure Monitor has no lag of '{to.Name}' in the last {s_back.TotalMinutes:0} minutes; its replication is {replication ?? "not known"}");
    }
}
