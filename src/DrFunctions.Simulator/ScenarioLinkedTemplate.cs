namespace DrFunctions.Simulator;

/// <summary>A template that deployments can link to.</summary>
public sealed record ScenarioLinkedTemplate
{
    /// <summary>The absolute URI that leads to it.</summary>
    public required string Uri { get; init; }

    /// <summary>The template, as JSON text.</summary>
    public required string Json { get; init; }
}
