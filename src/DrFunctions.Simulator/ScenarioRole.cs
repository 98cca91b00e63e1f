namespace DrFunctions.Simulator;

/// <summary>What one role lets the callers of Resource Manager do, on a scope and all that lies in it.</summary>
public sealed record ScenarioRole
{
    /// <summary>A subscription, resource group or resource by its id; absent, the subscription.</summary>
    public string? Scope { get; init; }

    /// <summary>Patterns of operations, <c>*</c> for any characters, such as <c>Microsoft.Web/*/read</c>.</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];

    /// <summary>Patterns that are taken off these.</summary>
    public IReadOnlyList<string> NotActions { get; init; } = [];

    /// <summary>Patterns of operations on data; listed, and never asked for here.</summary>
    public IReadOnlyList<string> DataActions { get; init; } = [];

    /// <summary>Patterns that are taken off these.</summary>
    public IReadOnlyList<string> NotDataActions { get; init; } = [];
}
