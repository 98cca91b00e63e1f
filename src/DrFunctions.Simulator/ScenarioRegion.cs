namespace DrFunctions.Simulator;

/// <summary>A region of the scenario.</summary>
public sealed record ScenarioRegion
{
    /// <summary>Its name, such as <c>westeurope</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The loopback address its web endpoints listen on, such as <c>127.0.0.11</c>; one region each.</summary>
    public required string Address { get; init; }
}
