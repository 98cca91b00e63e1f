namespace DrFunctions.Simulator;

/// <summary>An App Service plan of the scenario.</summary>
public sealed record ScenarioAppServicePlan
{
    /// <summary>Its name; unique in its resource group.</summary>
    public required string Name { get; init; }

    /// <summary>The resource group it lies in.</summary>
    public required string ResourceGroup { get; init; }

    /// <summary>The region it lies in.</summary>
    public required string Region { get; init; }

    /// <summary>Its size, such as <c>P1v3</c>; default <c>S1</c>.</summary>
    public string Sku { get; init; } = "S1";

    /// <summary>Its instances: 1 up to what its tier allows; default 1.</summary>
    public int Capacity { get; init; } = 1;
}
