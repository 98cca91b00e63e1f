namespace DrFunctions.Simulator;

/// <summary>An Azure Database for PostgreSQL flexible server of the scenario.</summary>
public sealed record ScenarioPostgreSqlServer
{
    /// <summary>Its name, unique in the cloud: 3 to 63 lower-case letters, digits and inner hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>The resource group it lies in.</summary>
    public required string ResourceGroup { get; init; }

    /// <summary>The region it runs in.</summary>
    public required string Region { get; init; }

    /// <summary>Name of the server that it is a read replica of; absent, it is none.</summary>
    public string? ReplicaOf { get; init; }

    /// <summary>How far a replica is behind its primary while both regions are up: 0 to 86400 s, default 2.</summary>
    public double ReplicationLagSeconds { get; init; } = 2;

    /// <summary>Whether it runs; default true.</summary>
    public bool Running { get; init; } = true;

    /// <summary>Its compute tier; default <c>GeneralPurpose</c>.</summary>
    public string Tier { get; init; } = "GeneralPurpose";

    /// <summary>Its compute size; default <c>Standard_D4ds_v5</c>.</summary>
    public string Sku { get; init; } = "Standard_D4ds_v5";

    /// <summary>Its storage, 32 to 32768 GiB; default 128.</summary>
    public int StorageSizeGB { get; init; } = 128;

    /// <summary>Major version of PostgreSQL, 11 to 18; default 17.</summary>
    public int Version { get; init; } = 17;

    /// <summary>Whether its backups are copied to another region; default false.</summary>
    public bool GeoRedundantBackup { get; init; }

    /// <summary>Base name of its virtual endpoints, of a primary only; absent, it has none.</summary>
    public string? VirtualEndpoint { get; init; }

    /// <summary>Name of the server that the reader endpoint leads to; default the primary itself.</summary>
    public string? VirtualEndpointReader { get; init; }
}
