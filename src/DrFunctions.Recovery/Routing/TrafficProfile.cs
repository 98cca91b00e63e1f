using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Routing;

/// <summary>A profile as Resource Manager shows it.</summary>
/// <param name="Id">Its resource id.</param>
/// <param name="RoutingMethod">Such as <c>Priority</c>; see <see cref="RoutingMethods"/>.</param>
/// <param name="MonitorStatus">Such as <c>Online</c> or <c>Degraded</c>.</param>
/// <param name="Fqdn">The name users resolve.</param>
/// <param name="TimeToLive">How long resolvers keep an answer.</param>
/// <param name="Endpoints">In the profile's order.</param>
public sealed record TrafficProfile(
    ResourceId Id, string RoutingMethod, string MonitorStatus, string Fqdn, TimeSpan TimeToLive, IReadOnlyList<TrafficEndpoint> Endpoints)
{
    /// <summary>False when the whole profile is switched off: its name does not resolve then.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How endpoints are probed; null when the service did not say.</summary>
    public ProbeSettings? Probing { get; init; }

    /// <summary>The endpoint of that name, compared ignoring case; null when there is none.</summary>
    public TrafficEndpoint? EndpointNamed(string name) =>
        Endpoints.FirstOrDefault(endpoint => string.Equals(endpoint.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the profile routes by that method.</summary>
    public bool RoutesBy(string method) => string.Equals(RoutingMethod, method, StringComparison.OrdinalIgnoreCase);
}

/// <summary>An endpoint as Resource Manager shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Target">The host name that DNS answers with.</param>
/// <param name="Enabled">False when it was disabled by hand or by a run.</param>
/// <param name="Priority">1 to 1000, unique; lowest is served first. 0 where the service names none.</param>
/// <param name="MonitorStatus">Such as <c>Online</c>, <c>Degraded</c>, <c>Stopped</c>.</param>
public sealed record TrafficEndpoint(string Name, string Target, bool Enabled, int Priority, string MonitorStatus)
{
    /// <summary>What it leads to.</summary>
    public EndpointKind Kind { get; init; }

    /// <summary>The web app or the nested profile that it leads to; null for an external name.</summary>
    public ResourceId? Resource { get; init; }

    /// <summary>1 to 1000; its share in a weighted profile. 0 where the service names none.</summary>
    public int Weight { get; init; }

    /// <summary>Codes of the places that are led to it in a geographic profile, such as <c>WORLD</c>, <c>GEO-EU</c>, <c>DE</c>.</summary>
    public IReadOnlyList<string> Places { get; init; } = [];

    /// <summary>How many endpoints of the nested profile must be online; null where the service names none (it then counts as 1).</summary>
    public int? MinimumChildren { get; init; }

    /// <summary>True when it is served without being probed.</summary>
    public bool AlwaysServe { get; init; }
}

/// <summary>What an endpoint leads to.</summary>
public enum EndpointKind
{
    /// <summary>A resource of Azure, such as a web app.</summary>
    Azure,

    /// <summary>A host name or an address.</summary>
    External,

    /// <summary>Another profile.</summary>
    Nested,
}

/// <summary>How the endpoints of a profile are probed.</summary>
/// <param name="Protocol">HTTP, HTTPS or TCP.</param>
/// <param name="Port">The port.</param>
/// <param name="Path">The path; null for TCP.</param>
/// <param name="Interval">Between two probes: 10 or 30 seconds.</param>
/// <param name="Timeout">How long an answer is waited for.</param>
/// <param name="ToleratedFailures">0 to 9: consecutive failures that leave an endpoint online.</param>
public sealed record ProbeSettings(string Protocol, int Port, string? Path, TimeSpan Interval, TimeSpan Timeout, int ToleratedFailures)
{
    /// <summary>
    /// The longest time from the loss of an endpoint until users who asked just before no longer use it: interval × (tolerated + 1)
    /// + timeout + time to live.
    /// </summary>
    public TimeSpan SwitchTime(TimeSpan timeToLive) => (Interval * (ToleratedFailures + 1)) + Timeout + timeToLive;
}

/// <summary>The routing methods of Traffic Manager, as it writes them.</summary>
public static class RoutingMethods
{
    /// <summary>All users to the enabled, healthy endpoint of the lowest priority number.</summary>
    public const string Priority = "Priority";

    /// <summary>Users by the endpoints' weights.</summary>
    public const string Weighted = "Weighted";

    /// <summary>Users by where they are.</summary>
    public const string Geographic = "Geographic";

    /// <summary>Users to the nearest region by latency.</summary>
    public const string Performance = "Performance";
}
