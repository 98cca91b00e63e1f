using System.Collections.Immutable;
using DrFunctions.LocalRuntime.Storage;

namespace DrFunctions.LocalRuntime.Settings;

/// <summary>What host.json says, validated.</summary>
internal sealed record HostOptions
{
    /// <summary>What every route of an HTTP function begins with; may be empty.</summary>
    public string RoutePrefix { get; init; } = "api";

    /// <summary>How long an invocation may take; null for no limit.</summary>
    public TimeSpan? FunctionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Requests to HTTP functions that run or wait; one more is answered 429. Null for no limit.</summary>
    public int? MaxOutstandingRequests { get; init; }

    /// <summary>Requests to HTTP functions that run at once; others wait. Null for no limit.</summary>
    public int? MaxConcurrentRequests { get; init; }

    /// <summary>Headers of every answer of an HTTP function.</summary>
    public IReadOnlyDictionary<string, string> CustomHeaders { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The task hub's name.</summary>
    public string HubName { get; init; } = "TestHubName";

    /// <summary>The setting with the connection string of the task hub's account.</summary>
    public string HubConnection { get; init; } = StorageConnection.Setting;

    /// <summary>How often messages of other processes are looked for; null for the engine's default.</summary>
    public TimeSpan? HubPollInterval { get; init; }

    /// <summary>Activities that run at once; null for the engine's default.</summary>
    public int? MaxConcurrentActivities { get; init; }

    /// <summary>Orchestrators that run at once; null for the engine's default.</summary>
    public int? MaxConcurrentOrchestrators { get; init; }
}
