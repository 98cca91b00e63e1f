using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.SqlFailoverGroups;

/// <summary>Failover groups of Azure SQL Database, through Resource Manager.</summary>
/// <remarks>Methods throw <see cref="RecoveryException"/> when Resource Manager refuses or does not answer.</remarks>
public interface ISqlFailoverGroups
{
    /// <summary>The group as its id's server shows it; null when it does not exist.</summary>
    Task<SqlFailoverGroup?> ReadAsync(ResourceId group, CancellationToken cancellationToken);

    /// <summary>Begins to make the id's server the primary; it must be the secondary. A second one is refused.</summary>
    /// <param name="group">The group's id on the server that is to become the primary.</param>
    /// <param name="allowDataLoss">False waits until everything has arrived and needs both servers; true goes on without what has not.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<BegunOperation> FailOverAsync(ResourceId group, bool allowDataLoss, CancellationToken cancellationToken);
}

/// <summary>A failover group as one of its servers shows it.</summary>
/// <param name="IsPrimary">Whether this server is the primary.</param>
/// <param name="ReplicationState"><c>CATCH_UP</c>, <c>SEEDING</c>, <c>SUSPENDED</c> …; empty when the service did not say.</param>
/// <param name="Partner">The other server; null when the service did not say.</param>
/// <param name="Databases">Names of its databases.</param>
public sealed record SqlFailoverGroup(bool IsPrimary, string ReplicationState, ResourceId? Partner, IReadOnlyList<string> Databases)
{
    /// <summary>True when the secondary follows.</summary>
    public bool IsCaughtUp => string.Equals(ReplicationState, "CATCH_UP", StringComparison.OrdinalIgnoreCase);
}
