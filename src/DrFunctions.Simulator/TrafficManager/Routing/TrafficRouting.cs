namespace DrFunctions.Simulator.TrafficManager.Routing;

/// <summary>Which endpoints of one profile a DNS query is led to; pure.</summary>
/// <param name="latencies">How near clients are to regions.</param>
internal sealed class TrafficRouting(LatencyTable latencies)
{
    private const int DefaultMaxReturn = 2;

    /// <summary>Chooses among the endpoints of an enabled profile.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="statuses">The monitor states of its endpoints, in their order.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="wanted">The kinds of targets that answer the question; only MultiValue asks.</param>
    /// <param name="draw">Which of several equal ones to take; any number.</param>
    /// <returns>One endpoint, or with MultiValue several; none when nothing may be shown to this client.</returns>
    public IReadOnlyList<TrafficEndpoint> Choose(
        TrafficProfile profile, IReadOnlyList<EndpointMonitorStatus> statuses, TrafficClient client, RecordTypes wanted, ulong draw)
    {
        var candidates = profile.Endpoints.Zip(statuses, (endpoint, status) => new Candidate(endpoint, status)).ToList();
        return profile.Routing switch
        {
            RoutingMethod.Priority => [.. Eligible(candidates).OrderBy(endpoint => endpoint.Priority).Take(1)],
            RoutingMethod.Weighted => ByWeight(Eligible(candidates), draw),
            RoutingMethod.Performance => Nearest(Eligible(candidates), client.Place, draw),
            RoutingMethod.Geographic => Mapped(candidates, client.Place),
            RoutingMethod.MultiValue => Several(Eligible(candidates), wanted, profile.MaxReturn ?? DefaultMaxReturn, draw),
            _ => InSubnet(candidates, client),
        };
    }

    /// <summary>Degraded endpoints are left out unless all are degraded; disabled and stopped ones always.</summary>
    private static List<TrafficEndpoint> Eligible(List<Candidate> candidates)
    {
        var possible = candidates.Where(each => each.Status
            is not (EndpointMonitorStatus.Disabled or EndpointMonitorStatus.Stopped or EndpointMonitorStatus.Inactive)).ToList();
        var healthy = possible.Where(each => each.Status != EndpointMonitorStatus.Degraded).ToList();
        return [.. (healthy.Count > 0 ? healthy : possible).Select(each => each.Endpoint)];
    }

    private static IReadOnlyList<TrafficEndpoint> ByWeight(List<TrafficEndpoint> endpoints, ulong draw)
    {
        if (endpoints.Count == 0)
        {
            return [];
        }

        var place = (long)(draw % (ulong)endpoints.Sum(endpoint => (long)endpoint.Weight));
        return [endpoints.First(endpoint => (place -= endpoint.Weight) < 0)];
    }

    /// <summary>Of the endpoints in the nearest region any; the same for all when nobody knows where the client is.</summary>
    private IReadOnlyList<TrafficEndpoint> Nearest(List<TrafficEndpoint> endpoints, string place, ulong draw)
    {
        var nearest = endpoints.GroupBy(endpoint => latencies.Between(place, endpoint.Location)).MinBy(group => group.Key)?.ToList();
        return nearest is null ? [] : [nearest[(int)(draw % (ulong)nearest.Count)]];
    }

    /// <summary>
    /// A place belongs to one endpoint, healthy or not. The smallest place that matches decides, also when its endpoint is stopped
    /// and there is nothing to show; a disabled one takes no part.
    /// </summary>
    private static IReadOnlyList<TrafficEndpoint> Mapped(List<Candidate> candidates, string place)
    {
        candidates.RemoveAll(each => each.Status == EndpointMonitorStatus.Disabled);
        var owner = Geography.Around(place)
            .Select(around => candidates.Find(each => each.Endpoint.GeoMapping.Contains(around, StringComparer.OrdinalIgnoreCase)))
            .FirstOrDefault(each => each is not null);
        return owner is null or { Status: EndpointMonitorStatus.Stopped } ? [] : [owner.Endpoint];
    }

    private static TrafficEndpoint[] Several(List<TrafficEndpoint> endpoints, RecordTypes wanted, int most, ulong draw)
    {
        var matching = endpoints.FindAll(endpoint => wanted == RecordTypes.Any || endpoint.RecordType == wanted);
        var first = matching.Count == 0 ? 0 : (int)(draw % (ulong)matching.Count);
        return [.. matching.Skip(first).Concat(matching.Take(first)).Take(most)];
    }

    /// <summary>The endpoint whose subnets hold the client, else the one without subnets; an unhealthy one is as if it were not there.</summary>
    private static IReadOnlyList<TrafficEndpoint> InSubnet(List<Candidate> candidates, TrafficClient client)
    {
        var healthy = candidates.FindAll(each => each.Status
            is EndpointMonitorStatus.Online or EndpointMonitorStatus.CheckingEndpoint or EndpointMonitorStatus.Unmonitored);
        var owner = healthy.Find(each => each.Endpoint.Subnets.Any(range => range.Contains(client.Address)))
            ?? healthy.Find(each => each.Endpoint.Subnets.IsEmpty);
        return owner is null ? [] : [owner.Endpoint];
    }

    private sealed record Candidate(TrafficEndpoint Endpoint, EndpointMonitorStatus Status);
}
