namespace DrFunctions.Simulator;

/// <summary>A logical server of Azure SQL Database of the scenario.</summary>
public sealed record ScenarioSqlServer
{
    /// <summary>Its name, unique in the cloud: 1 to 63 lower-case letters, digits and inner hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>The resource group it lies in.</summary>
    public required string ResourceGroup { get; init; }

    /// <summary>The region it runs in.</summary>
    public required string Region { get; init; }

    /// <summary>Names of its databases; those that a failover group copies to it need not be here.</summary>
    public IReadOnlyList<string> Databases { get; init; } = [];
}

/// <summary>A failover group of Azure SQL Database of the scenario.</summary>
public sealed record ScenarioSqlFailoverGroup
{
    /// <summary>Its name, unique in the cloud: 1 to 63 lower-case letters, digits and inner hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the server that is the primary at the start.</summary>
    public required string Primary { get; init; }

    /// <summary>Name of the server that is the secondary at the start; of another region.</summary>
    public required string Secondary { get; init; }

    /// <summary>Names of the databases of the primary that are in it.</summary>
    public IReadOnlyList<string> Databases { get; init; } = [];

    /// <summary>How far the secondary is behind while both regions are up: 0 to 86400 s, default 5.</summary>
    public double ReplicationLagSeconds { get; init; } = 5;

    /// <summary>How long the old primary is seeded anew after a forced failover, once both regions are up: 0 to 86400 s, default 300.</summary>
    public double ReseedSeconds { get; init; } = 300;
}
