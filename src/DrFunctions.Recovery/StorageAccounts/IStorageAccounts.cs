using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.StorageAccounts;

/// <summary>Storage accounts with a copy in another region, through Resource Manager.</summary>
/// <remarks>Methods throw <see cref="RecoveryException"/> when Resource Manager refuses or does not answer.</remarks>
public interface IStorageAccounts
{
    /// <summary>The account with the state of its copy; null when it does not exist.</summary>
    Task<GeoAccount?> ReadAsync(ResourceId account, CancellationToken cancellationToken);

    /// <summary>
    /// Begins to fail an account over. Planned, the regions swap, and a second one swaps them back; unplanned, the copy becomes the
    /// account, everything after its last sync time is lost, and it has no other copy until somebody makes it geo-redundant again.
    /// </summary>
    Task<BegunOperation> FailOverAsync(ResourceId account, bool planned, CancellationToken cancellationToken);

    /// <summary>Who may reach the account's data; null when it does not exist.</summary>
    Task<StorageAccess?> ReadAccessAsync(ResourceId account, CancellationToken cancellationToken);

    /// <summary>Sets who may reach the account's data, and nothing else of it. Idempotent; private endpoints stay as they are.</summary>
    Task SetAccessAsync(ResourceId account, StorageAccess access, CancellationToken cancellationToken);
}

/// <summary>Who may reach an account's data.</summary>
/// <param name="PublicNetworkAccess"><c>Enabled</c>, <c>Disabled</c> or <c>SecuredByPerimeter</c>.</param>
/// <param name="SharedKeys">Whether keys, and what is signed with them, open it.</param>
/// <param name="PrivateEndpoints">Number of private endpoints that are not refused; they work whatever the others say.</param>
public sealed record StorageAccess(string PublicNetworkAccess, bool SharedKeys, int PrivateEndpoints)
{
    /// <summary>Closed to public networks and to keys.</summary>
    public static StorageAccess Closed { get; } = new("Disabled", false, 0);

    /// <summary>Whether nobody reaches it: what is left to private endpoints counts, too.</summary>
    public bool IsClosed => string.Equals(PublicNetworkAccess, "Disabled", StringComparison.OrdinalIgnoreCase) && !SharedKeys && PrivateEndpoints == 0;
}

/// <summary>A storage account and its copy.</summary>
/// <param name="Redundancy">Such as <c>Standard_GRS</c>.</param>
/// <param name="PrimaryLocation">Where it is written.</param>
/// <param name="SecondaryLocation">Where its copy is; null when it has none.</param>
/// <param name="IsFailingOver">True while a failover is under way.</param>
/// <param name="LastFailover">When it was last failed over; null when it never was.</param>
/// <param name="Copy">How the copy is doing; null when there is none or the service did not say.</param>
public sealed record GeoAccount(
    string Redundancy, string PrimaryLocation, string? SecondaryLocation, bool IsFailingOver, DateTimeOffset? LastFailover, GeoCopy? Copy);

/// <summary>The copy of an account.</summary>
/// <param name="Status"><c>Live</c>, <c>Bootstrap</c> or <c>Unavailable</c>.</param>
/// <param name="LastSync">
/// Everything written before is in the copy; null when the service does not know, or said a time before the account's own creation,
/// as it does until the first copy is complete.
/// </param>
/// <param name="CanFailOver">Whether an unplanned failover is possible.</param>
/// <param name="CanFailOverPlanned">Whether a planned one is.</param>
public sealed record GeoCopy(string Status, DateTimeOffset? LastSync, bool CanFailOver, bool CanFailOverPlanned);
