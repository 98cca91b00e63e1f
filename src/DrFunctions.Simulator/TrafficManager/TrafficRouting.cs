namespace DrFunctions.Simulator.TrafficManager;

/// <summary>Which endpoint a DNS query is led to; pure.</summary>
internal static class TrafficRouting
{
    /// <summary>Chooses among the endpoints of an enabled profile.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="statuses">The monitor states of its endpoints, in their order.</param>
    /// <param name="client">Where the client is, as a geography code.</param>
    /// <param name="ticket">Which of the weighted places to take; any number, taken modulo the weights.</param>
    /// <exception cref="NotSupportedException">The simulator does not carry the routing method.</exception>
    public static TrafficEndpoint? Choose(
        TrafficProfile profile, IReadOnlyList<EndpointMonitorStatus> statuses, string client, long ticket)
    {
        var candidates = profile.Endpoints.Zip(statuses, (endpoint, status) => (Endpoint: endpoint, Status: status)).ToList();
        switch (profile.Routing)
        {
            case RoutingMethod.Priority:
                return Eligible(candidates).MinBy(endpoint => endpoint.Priority);
            case RoutingMethod.Weighted:
                return ByWeight([.. Eligible(candidates)], ticket);
            case RoutingMethod.Geographic:
                // A place belongs to one endpoint, healthy or not; a stopped one is an answer without data (the smallest
                // place that matches decides), a disabled one takes no part.
                candidates.RemoveAll(each => each.Status == EndpointMonitorStatus.Disabled);
                var owner = Geography.Around(client)
                    .Select(place => candidates.Find(each => each.Endpoint.GeoMapping.Contains(place, StringComparer.OrdinalIgnoreCase)))
                    .FirstOrDefault(each => each.Endpoint is not null);
                return owner.Status == EndpointMonitorStatus.Stopped ? null : owner.Endpoint;
            default:
                throw new NotSupportedException($"The simulator does not route by {profile.Routing}.");
        }
    }

    /// <summary>Degraded endpoints are left out unless all are degraded; disabled and stopped ones always.</summary>
    private static IEnumerable<TrafficEndpoint> Eligible(List<(TrafficEndpoint Endpoint, EndpointMonitorStatus Status)> candidates)
    {
        var possible = candidates.Where(each => each.Status
            is not (EndpointMonitorStatus.Disabled or EndpointMonitorStatus.Stopped or EndpointMonitorStatus.Inactive)).ToList();
        var healthy = possible.Where(each => each.Status != EndpointMonitorStatus.Degraded).ToList();
        return (healthy.Count > 0 ? healthy : possible).Select(each => each.Endpoint);
    }

    private static TrafficEndpoint? ByWeight(List<TrafficEndpoint> endpoints, long ticket)
    {
        if (endpoints.Count == 0)
        {
            return null;
        }

        var place = (ticket & long.MaxValue) % endpoints.Sum(endpoint => (long)endpoint.Weight);
        foreach (var endpoint in endpoints)
        {
            place -= endpoint.Weight;
            if (place < 0)
            {
                return endpoint;
            }
        }

        return endpoints[^1];
    }
}
