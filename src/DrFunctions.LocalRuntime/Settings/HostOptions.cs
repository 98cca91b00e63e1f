namespace DrFunctions.LocalRuntime.Settings;

/// <summary>What host.json says, validated.</summary>
internal sealed record HostOptions
{
    /// <summary>What every route of an HTTP function begins with; may be empty.</summary>
    public string RoutePrefix { get; init; } = "api";

    /// <summary>How long an invocation may take; null for no limit.</summary>
    public TimeSpan? FunctionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The task hub's name.</summary>
    public string HubName { get; init; } = "TestHubName";

    /// <summary>Activities that run at once; null for the engine's default.</summary>
    public int? MaxConcurrentActivities { get; init; }

    /// <summary>Orchestrators that run at once; null for the engine's default.</summary>
    public int? MaxConcurrentOrchestrators { get; init; }
}
