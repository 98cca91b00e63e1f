namespace DrFunctions.Simulator.TrafficManager;

internal enum EndpointMonitorStatus
{
    CheckingEndpoint,
    Online,
    Degraded,
    Disabled,
    Inactive,
    Stopped,
    Unmonitored,
}

internal enum ProfileMonitorStatus
{
    CheckingEndpoints,
    Online,
    Degraded,
    Disabled,
    Inactive,
}

/// <summary>What probes have found since an endpoint was last checked anew.</summary>
/// <param name="Verdict">Null until a probe succeeded or more failed than are tolerated; from then the last verdict.</param>
/// <param name="Probes">Probes finished.</param>
/// <param name="ConsecutiveFailures">Failures since the last success.</param>
/// <param name="LastProbe">What the last one found, in words.</param>
internal sealed record EndpointHealth(bool? Verdict, int Probes, int ConsecutiveFailures, string? LastProbe)
{
    public static readonly EndpointHealth Unknown = new(null, 0, 0, null);

    /// <summary>Unhealthy only after tolerated + 1 consecutive failures; healthy after one success.</summary>
    public EndpointHealth After(ProbeOutcome outcome, int toleratedFailures)
    {
        var failures = outcome.Healthy ? 0 : ConsecutiveFailures + 1;
        var verdict = outcome.Healthy ? true : failures > toleratedFailures ? false : Verdict;
        return new EndpointHealth(verdict, Probes + 1, failures, outcome.Text);
    }
}

/// <summary>What one probe found.</summary>
internal sealed record ProbeOutcome(bool Healthy, string Text)
{
    /// <summary>The HTTP status answered; null when there was none.</summary>
    public int? Status { get; init; }

    public static ProbeOutcome OfStatus(int status, MonitorConfig monitor)
    {
        var healthy = monitor.ExpectedStatus.Length == 0
            ? status == 200
            : monitor.ExpectedStatus.Any(range => status >= range.Min && status <= range.Max);
        return new ProbeOutcome(healthy, $"HTTP {status}") { Status = status };
    }

    public static ProbeOutcome TooLate(MonitorConfig monitor) => new(false, $"no answer within {monitor.Timeout.TotalSeconds} s");
}

/// <summary>An endpoint's status and what it was derived from.</summary>
/// <param name="Status">The status.</param>
/// <param name="Health">What its own probes found; unknown when it is nested.</param>
/// <param name="Child">What is known of its child; null when it is not nested.</param>
internal sealed record EndpointFinding(EndpointMonitorStatus Status, EndpointHealth Health, ChildHealth? Child);

/// <summary>What a nested endpoint's state is derived from.</summary>
/// <param name="Active">Whether the child is there, enabled and not inactive.</param>
/// <param name="Online">Its endpoints that are online.</param>
/// <param name="Checking">Its endpoints that are checked for the first time.</param>
internal sealed record ChildHealth(bool Active, EndpointCount Online, EndpointCount Checking)
{
    public static readonly ChildHealth Gone = new(false, default, default);
}

/// <summary>A number of endpoints, and how many of them have, or lead to, an address of each family.</summary>
internal readonly record struct EndpointCount(int All, int IPv4, int IPv6)
{
    public static EndpointCount operator +(EndpointCount left, EndpointCount right) =>
        new(left.All + right.All, left.IPv4 + right.IPv4, left.IPv6 + right.IPv6);

    public bool Suffices(TrafficEndpoint nested) =>
        All >= (nested.MinChildEndpoints ?? 1) && IPv4 >= (nested.MinChildEndpointsIPv4 ?? 0) && IPv6 >= (nested.MinChildEndpointsIPv6 ?? 0);
}

/// <summary>Traffic Manager's tables of monitor states.</summary>
internal static class MonitorStatus
{
    /// <summary>The first that holds.</summary>
    public static EndpointMonitorStatus OfEndpoint(bool profileEnabled, TrafficEndpoint endpoint, bool targetStopped, EndpointHealth health) =>
        Of(profileEnabled, endpoint, targetStopped, health.Verdict switch
        {
            null => EndpointMonitorStatus.CheckingEndpoint,
            true => EndpointMonitorStatus.Online,
            false => EndpointMonitorStatus.Degraded,
        });

    /// <summary>A nested endpoint is never probed: its child's endpoints tell.</summary>
    public static EndpointMonitorStatus OfNested(bool profileEnabled, TrafficEndpoint endpoint, ChildHealth child) =>
        Of(profileEnabled, endpoint, !child.Active,
            child.Online.Suffices(endpoint) ? EndpointMonitorStatus.Online
            : (child.Online + child.Checking).Suffices(endpoint) ? EndpointMonitorStatus.CheckingEndpoint
            : EndpointMonitorStatus.Degraded);

    private static EndpointMonitorStatus Of(bool profileEnabled, TrafficEndpoint endpoint, bool targetStopped, EndpointMonitorStatus found) =>
        !endpoint.Enabled ? EndpointMonitorStatus.Disabled
        : !profileEnabled ? EndpointMonitorStatus.Inactive
        : targetStopped ? EndpointMonitorStatus.Stopped
        : endpoint.AlwaysServe == true ? EndpointMonitorStatus.Unmonitored
        : found;

    /// <summary>An unmonitored endpoint counts as online: it is served.</summary>
    public static ProfileMonitorStatus OfProfile(bool enabled, IReadOnlyCollection<EndpointMonitorStatus> endpoints) =>
        !enabled ? ProfileMonitorStatus.Disabled
        : endpoints.Contains(EndpointMonitorStatus.Degraded) ? ProfileMonitorStatus.Degraded
        : endpoints.Any(status => status is EndpointMonitorStatus.Online or EndpointMonitorStatus.Unmonitored) ? ProfileMonitorStatus.Online
        : endpoints.Contains(EndpointMonitorStatus.CheckingEndpoint) ? ProfileMonitorStatus.CheckingEndpoints
        : ProfileMonitorStatus.Inactive;
}
