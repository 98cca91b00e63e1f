using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Routing;

/// <summary>The names that DNS answers with for users who are led to a region.</summary>
public static class RegionTargets
{
    /// <summary>Whether an endpoint leads to a region: to its web app, or to the host that the plan probes there.</summary>
    public static bool IsOf(TrafficEndpoint endpoint, Region region)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(region);
        return endpoint.Resource == region.WebApp
            || string.Equals(endpoint.Target.TrimEnd('.'), region.Health.Host, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// The names, without trailing dots, behind the endpoint of a region. DNS never shows the name of a nested profile, only what that
    /// chose: of a nested endpoint these are the names of the region's endpoints in its profile. Empty when there is none.
    /// </summary>
    /// <exception cref="RecoveryException">The nested profile cannot be read.</exception>
    public static async Task<IReadOnlyList<string>> ReadAsync(
        ITrafficManager trafficManager, TrafficEndpoint endpoint, Region region, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(trafficManager);
        ArgumentNullException.ThrowIfNull(endpoint);
        if (endpoint is not { Kind: EndpointKind.Nested, Resource: { } nested })
        {
            return [endpoint.Target.TrimEnd('.')];
        }

        var child = await trafficManager.ReadAsync(nested, cancellationToken);
        return [.. child.Endpoints.Where(one => IsOf(one, region)).Select(one => one.Target.TrimEnd('.'))];
    }
}
