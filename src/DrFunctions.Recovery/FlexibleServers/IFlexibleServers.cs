using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.FlexibleServers;

/// <summary>Azure Database for PostgreSQL flexible servers, through Resource Manager.</summary>
/// <remarks>Methods throw <see cref="RecoveryException"/> when Resource Manager refuses or does not answer.</remarks>
public interface IFlexibleServers
{
    /// <summary>The server as it is; null when it does not exist, or is still being made.</summary>
    Task<FlexibleServer?> ReadAsync(ResourceId server, CancellationToken cancellationToken);

    /// <summary>How a replica's replication is doing, as its primary tells: <c>Active</c>, <c>Broken</c> …; null when it is not among the primary's replicas.</summary>
    Task<string?> ReadReplicationAsync(ResourceId primary, ResourceId replica, CancellationToken cancellationToken);

    /// <summary>Names of the servers that the reader names of a primary's virtual endpoints lead to; empty when it has none.</summary>
    Task<IReadOnlyList<string>> ReadReadersAsync(ResourceId primary, CancellationToken cancellationToken);

    /// <summary>Begins to promote a replica. A server that is no replica any more refuses it.</summary>
    Task<BegunOperation> PromoteAsync(ResourceId replica, PostgresPromotion promotion, CancellationToken cancellationToken);

    /// <summary>Begins to stop a server. One that is not Ready refuses it.</summary>
    Task<BegunOperation> StopAsync(ResourceId server, CancellationToken cancellationToken);

    /// <summary>Begins to start a server. One that is not Stopped refuses it.</summary>
    Task<BegunOperation> StartAsync(ResourceId server, CancellationToken cancellationToken);

    /// <summary>Begins to restore a server's backup into a new server, which cannot be seen until it is done. A second time is refused or does the same.</summary>
    /// <param name="target">The new server; its name must be free.</param>
    /// <param name="restore">What is restored, and where to.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<BegunOperation> RestoreAsync(ResourceId target, PostgresRestore restore, CancellationToken cancellationToken);
}

/// <summary>A flexible server.</summary>
/// <param name="State"><c>Ready</c>, <c>Stopped</c>, <c>Updating</c> …</param>
/// <param name="Role">What it is in its replication.</param>
/// <param name="Location">Its region.</param>
/// <param name="Host">The name it answers to; null when the service did not say.</param>
/// <param name="Source">The server it was made from, of a replica or a restored one; null when the service did not say.</param>
/// <param name="EarliestRestore">The earliest time that can be restored; null before its first backup.</param>
public sealed record FlexibleServer(
    string State, ReplicationRole Role, string Location, string? Host, ResourceId? Source, DateTimeOffset? EarliestRestore)
{
    private static readonly Dictionary<string, string> NoTags = [];

    /// <summary>Its tags, by name ignoring case.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = NoTags;

    /// <summary>True when it is stopped, and takes none.</summary>
    public bool IsStopped => string.Equals(State, "Stopped", StringComparison.OrdinalIgnoreCase);

    /// <summary>True when it takes requests.</summary>
    public bool IsReady => string.Equals(State, "Ready", StringComparison.OrdinalIgnoreCase);
}

/// <summary>What is restored.</summary>
/// <param name="Source">The server whose backup it is.</param>
/// <param name="Location">The new server's region: the source's own, or another one where the source's backups are geo-redundant.</param>
/// <param name="IsElsewhere">True when that is another region than the source's.</param>
/// <param name="To">The time to restore.</param>
public sealed record PostgresRestore(ResourceId Source, string Location, bool IsElsewhere, DateTimeOffset To)
{
    private static readonly Dictionary<string, string> NoTags = [];

    /// <summary>Tags of the new server.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = NoTags;
}

/// <summary>What a server is in its replication.</summary>
public enum ReplicationRole
{
    /// <summary>Without replication.</summary>
    None,

    /// <summary>Others follow it.</summary>
    Primary,

    /// <summary>It follows another one and takes no writes.</summary>
    Replica,

    /// <summary>The service said nothing that is known.</summary>
    Unknown,
}

/// <summary>Ways to promote a replica.</summary>
public enum PostgresPromotion
{
    /// <summary>Out of its replication, after it has everything of the primary, which stays writable: fence it first.</summary>
    Planned,

    /// <summary>Out of its replication, at once, without what has not arrived.</summary>
    Forced,

    /// <summary>To the primary, after it has everything; the old primary follows it. Needs virtual endpoints and both regions.</summary>
    Switchover,

    /// <summary>To the primary at once, without what has not arrived; the old primary follows it when it is back.</summary>
    ForcedSwitchover,
}
