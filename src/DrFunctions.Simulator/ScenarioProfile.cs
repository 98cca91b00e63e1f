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

    /// <summary>Whether it answers; default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How it chooses an endpoint: Priority (the default), Weighted, Performance, Geographic, MultiValue or Subnet.</summary>
    public string RoutingMethod { get; init; } = "Priority";

    /// <summary>Time to live of its DNS answers in seconds; default 60.</summary>
    public int TtlInSeconds { get; init; } = 60;

    /// <summary>How many endpoints an answer by MultiValue shows at most: 1 to 10, default 2.</summary>
    public int? MaxReturn { get; init; }

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

    /// <summary>Headers of the probes, at most 8.</summary>
    public IReadOnlyDictionary<string, string> CustomHeaders { get; init; } = new Dictionary<string, string>();

    /// <summary>The statuses of a healthy answer, such as <c>200-299</c>, at most 8 ranges; none, the default, means 200.</summary>
    public IReadOnlyList<string> ExpectedStatusCodes { get; init; } = [];
}

/// <summary>An endpoint of a profile: a web app of the scenario, an external target or another profile.</summary>
public sealed record ScenarioEndpoint
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The web app it leads to; makes it an Azure endpoint.</summary>
    public string? Site { get; init; }

    /// <summary>The host name or address it leads to; makes it an external endpoint.</summary>
    public string? Target { get; init; }

    /// <summary>The profile of the scenario, by its resource's name, that it leads to; makes it a nested endpoint.</summary>
    public string? Profile { get; init; }

    /// <summary>How many endpoints of that profile must be online: 1 to 200, default 1.</summary>
    public int? MinChildEndpoints { get; init; }

    /// <summary>How many of them with an IPv4 address; default 0.</summary>
    public int? MinChildEndpointsIPv4 { get; init; }

    /// <summary>How many of them with an IPv6 address; default 0.</summary>
    public int? MinChildEndpointsIPv6 { get; init; }

    /// <summary>The Azure region it is in or near, such as <c>westeurope</c>, for Performance; a web app is in its own.</summary>
    public string? Location { get; init; }

    /// <summary>1 to 1000, on all endpoints of a profile or on none; the smallest healthy one is served.</summary>
    public int? Priority { get; init; }

    /// <summary>1 to 1000, default 1.</summary>
    public int? Weight { get; init; }

    /// <summary>Geography codes that are led to this endpoint, such as <c>WORLD</c>, <c>GEO-EU</c> or <c>DE</c>.</summary>
    public IReadOnlyList<string> GeoMapping { get; init; } = [];

    /// <summary>Whose clients Subnet leads here: <c>203.0.113.0/24</c>, <c>203.0.113.7</c> or <c>203.0.113.0-203.0.113.99</c>; none: the others'.</summary>
    public IReadOnlyList<string> Subnets { get; init; } = [];

    /// <summary>Headers of its probes, at most 8; they replace the profile's of the same name.</summary>
    public IReadOnlyDictionary<string, string> CustomHeaders { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it takes part; default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Whether it is served without being probed; default false.</summary>
    public bool AlwaysServe { get; init; }
}
