namespace DrFunctions.Simulator;

/// <summary>A Traffic Manager profile of the scenario. The rules and defaults are those of the service.</summary>
public sealed record ScenarioProfile
{
    /// <summary>The resource's name.</summary>
    public required string Name { get; init; }

    /// <summary>The resource group it lies in.</summary>
    public required string ResourceGroup { get; init; }

    /// <summary>Its DNS name is <c>{relativeName}.trafficmanager.net</c>; default the resource's name.</summary>
    public string? RelativeName { get; init; }

    /// <summary>How it chooses an endpoint: Priority (the default), Weighted or Geographic.</summary>
    public string RoutingMethod { get; init; } = "Priority";

    /// <summary>Time to live of its DNS answers in seconds; default 60.</summary>
    public int TtlInSeconds { get; init; } = 60;

    /// <summary>How its endpoints are probed.</summary>
    public ScenarioMonitor Monitor { get; init; } = new();

    /// <summary>Its endpoints.</summary>
    public IReadOnlyList<ScenarioEndpoint> Endpoints { get; init; } = [];
}

/// <summary>How the endpoints of a profile are probed. The rules are those of Traffic Manager.</summary>
public sealed record ScenarioMonitor
{
    /// <summary>HTTP (the default), HTTPS or TCP. Web apps of the scenario speak HTTP only.</summary>
    public string Protocol { get; init; } = "HTTP";

    /// <summary>The port, default 80. A probe of a web app of the scenario reaches its region's web port instead.</summary>
    public int Port { get; init; } = 80;

    /// <summary>The path, default <c>/health</c>; absent for TCP.</summary>
    public string? Path { get; init; } = "/health";

    /// <summary>Seconds between probes: 10 or 30, the default.</summary>
    public int IntervalInSeconds { get; init; } = 30;

    /// <summary>Seconds until a probe has failed: 5 to 10 (5 to 9 with an interval of 10); default the longest.</summary>
    public int? TimeoutInSeconds { get; init; }

    /// <summary>Consecutive failures that leave an endpoint online: 0 to 9, default 3.</summary>
    public int ToleratedNumberOfFailures { get; init; } = 3;
}

/// <summary>An endpoint of a profile: either a web app of the scenario or an external target.</summary>
public sealed record ScenarioEndpoint
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The web app it leads to; makes it an Azure endpoint.</summary>
    public string? Site { get; init; }

    /// <summary>The host name or address it leads to; makes it an external endpoint.</summary>
    public string? Target { get; init; }

    /// <summary>1 to 1000, on all endpoints of a profile or on none; the smallest healthy one is served.</summary>
    public int? Priority { get; init; }

    /// <summary>1 to 1000, default 1.</summary>
    public int? Weight { get; init; }

    /// <summary>Geography codes that are led to this endpoint, such as <c>WORLD</c>, <c>GEO-EU</c> or <c>DE</c>.</summary>
    public IReadOnlyList<string> GeoMapping { get; init; } = [];

    /// <summary>Whether it takes part; default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Whether it is served without being probed; default false.</summary>
    public bool AlwaysServe { get; init; }
}
