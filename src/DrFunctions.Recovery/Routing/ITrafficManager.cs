using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Routing;

/// <summary>Traffic Manager profiles. Synchronous at the service; without ETags, so callers hold the workload's lock.</summary>
/// <remarks>Methods throw <see cref="RecoveryException"/> when Resource Manager refuses or does not answer.</remarks>
public interface ITrafficManager
{
    /// <summary>Reads a profile with its endpoints and their monitor states.</summary>
    Task<TrafficProfile> ReadAsync(ResourceId profile, CancellationToken cancellationToken);

    /// <summary>
    /// Writes priorities and statuses of all endpoints in one write, keeping everything else of the profile as it is.
    /// Idempotent.
    /// </summary>
    Task WriteEndpointsAsync(ResourceId profile, IReadOnlyList<EndpointSetting> endpoints, CancellationToken cancellationToken);
}

/// <summary>A profile as Resource Manager shows it.</summary>
/// <param name="Id">Its resource id.</param>
/// <param name="RoutingMethod">Such as <c>Priority</c>.</param>
/// <param name="MonitorStatus">Such as <c>Online</c> or <c>Degraded</c>.</param>
/// <param name="Fqdn">The name users resolve.</param>
/// <param name="TimeToLive">How long resolvers keep an answer.</param>
/// <param name="Endpoints">In the profile's order.</param>
public sealed record TrafficProfile(
    ResourceId Id, string RoutingMethod, string MonitorStatus, string Fqdn, TimeSpan TimeToLive, IReadOnlyList<TrafficEndpoint> Endpoints);

/// <summary>An endpoint as Resource Manager shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Target">The host name that DNS answers with.</param>
/// <param name="Enabled">False when it was disabled by hand or by a run.</param>
/// <param name="Priority">1 to 1000, unique; lowest is served first. 0 where the routing method has none.</param>
/// <param name="MonitorStatus">Such as <c>Online</c>, <c>Degraded</c>, <c>Stopped</c>.</param>
public sealed record TrafficEndpoint(string Name, string Target, bool Enabled, int Priority, string MonitorStatus);

/// <summary>What an endpoint is to be.</summary>
/// <param name="Name">An existing endpoint.</param>
/// <param name="Enabled">Whether it may be served.</param>
/// <param name="Priority">1 to 1000, unique in the profile.</param>
public sealed record EndpointSetting(string Name, bool Enabled, int Priority);
