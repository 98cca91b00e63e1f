using DrFunctions.Recovery.Fences;

namespace DrFunctions.Recovery.Workloads;

/// <summary>Data of the workload, in both regions: a <see cref="ContainerStore"/>, <see cref="PostgresStore"/> or <see cref="SqlGroupStore"/>.</summary>
public abstract record DataStore
{
    private protected DataStore(string name, StoreFence fence) => (Name, Fence) = (name, fence);

    /// <summary>Name in the plan.</summary>
    public string Name { get; init; }

    /// <summary>How the old primary is kept from writing once the secondary takes over.</summary>
    public StoreFence Fence { get; init; }
}

/// <summary>A blob container in each region: backed up in the one, restored in the other.</summary>
public sealed record ContainerStore : DataStore
{
    /// <summary>A store of these containers, whose accounts the plan does not name.</summary>
    /// <param name="name">Name in the plan.</param>
    /// <param name="primary">Where it lives at home.</param>
    /// <param name="secondary">Where it is restored to.</param>
    /// <param name="fence">How the old primary is kept from writing.</param>
    public ContainerStore(string name, BlobContainer primary, BlobContainer secondary, StoreFence fence)
        : base(name, fence) => (Primary, Secondary) = (primary, secondary);

    /// <summary>Where it lives at home.</summary>
    public BlobContainer Primary { get; init; }

    /// <summary>Where it is restored to.</summary>
    public BlobContainer Secondary { get; init; }

    /// <summary>The storage account of the primary's container, as Resource Manager knows it; null when the plan does not say.</summary>
    public ResourceId? PrimaryAccount { get; init; }

    /// <summary>The storage account of the secondary's container; null when the plan does not say.</summary>
    public ResourceId? SecondaryAccount { get; init; }

    /// <summary>The container of a role.</summary>
    public BlobContainer In(RegionRole role) => role == RegionRole.Primary ? Primary : Secondary;

    /// <summary>The storage account of a role; null when the plan does not say.</summary>
    public ResourceId? AccountIn(RegionRole role) => role == RegionRole.Primary ? PrimaryAccount : SecondaryAccount;
}

/// <summary>An Azure Database for PostgreSQL flexible server and its replica in the other region; the service replicates it.</summary>
public sealed record PostgresStore : DataStore
{
    /// <summary>A store of these servers.</summary>
    /// <param name="name">Name in the plan.</param>
    /// <param name="primary">The server that takes writes at home.</param>
    /// <param name="secondary">Its replica, in the secondary region.</param>
    /// <param name="fence">How the old primary is kept from writing.</param>
    public PostgresStore(string name, ResourceId primary, ResourceId secondary, StoreFence fence)
        : base(name, fence) => (Primary, Secondary) = (primary, secondary);

    /// <summary>The server that takes writes at home (<c>Microsoft.DBforPostgreSQL/flexibleServers</c>).</summary>
    public ResourceId Primary { get; init; }

    /// <summary>Its replica, in the secondary region.</summary>
    public ResourceId Secondary { get; init; }

    /// <summary>The server of a role.</summary>
    public ResourceId In(RegionRole role) => role == RegionRole.Primary ? Primary : Secondary;
}

/// <summary>An Azure SQL failover group, by its name on each region's server; the service replicates its databases.</summary>
public sealed record SqlGroupStore : DataStore
{
    /// <summary>A store of this group.</summary>
    /// <param name="name">Name in the plan.</param>
    /// <param name="primary">The group on the server that takes writes at home.</param>
    /// <param name="secondary">The group on its partner server, in the secondary region.</param>
    /// <param name="fence">How the old primary is kept from writing.</param>
    public SqlGroupStore(string name, ResourceId primary, ResourceId secondary, StoreFence fence)
        : base(name, fence) => (Primary, Secondary) = (primary, secondary);

    /// <summary>The group on the server that takes writes at home (<c>Microsoft.Sql/servers/failoverGroups</c>).</summary>
    public ResourceId Primary { get; init; }

    /// <summary>The group on its partner server, in the secondary region.</summary>
    public ResourceId Secondary { get; init; }

    /// <summary>The group on the server of a role.</summary>
    public ResourceId In(RegionRole role) => role == RegionRole.Primary ? Primary : Secondary;
}
