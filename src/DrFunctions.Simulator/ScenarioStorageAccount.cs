namespace DrFunctions.Simulator;

/// <summary>A storage account of the scenario, as Resource Manager knows it.</summary>
public sealed record ScenarioStorageAccount
{
    /// <summary>Its name, unique in the cloud: 3 to 24 lower-case letters and digits.</summary>
    public required string Name { get; init; }

    /// <summary>The resource group it lies in.</summary>
    public required string ResourceGroup { get; init; }

    /// <summary>Its primary region.</summary>
    public required string Region { get; init; }

    /// <summary>The region it is copied to, when its redundancy reaches another; default the next region of the scenario.</summary>
    public string? SecondaryRegion { get; init; }

    /// <summary>Its redundancy, such as <c>Standard_RAGRS</c>; default <c>Standard_LRS</c>.</summary>
    public string Sku { get; init; } = "Standard_LRS";

    /// <summary>How far the secondary region is behind while both are up: 0 to 86400 s, default 60.</summary>
    public double ReplicationLagSeconds { get; init; } = 60;
}
