using System.Globalization;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.TrafficManager;

/// <summary>What holds between the endpoints of one profile and between them and its routing method.</summary>
internal static class ProfileRules
{
    public const int MaxEndpoints = 200;

    /// <returns>The profile.</returns>
    /// <exception cref="ArmRejection">A rule is broken; the message says by which endpoints.</exception>
    public static TrafficProfile Check(TrafficProfile profile)
    {
        if (profile.Endpoints.Length > MaxEndpoints)
        {
            throw ProfileErrors.BadRequest($"The profile has {profile.Endpoints.Length} endpoints; {MaxEndpoints} are allowed.");
        }

        if (profile.Endpoints.DistinctBy(endpoint => endpoint.Name, StringComparer.OrdinalIgnoreCase).Count() != profile.Endpoints.Length)
        {
            throw ProfileErrors.BadRequest("There are duplicates in the list of endpoints.");
        }

        CheckShared(profile);
        CheckTargets(profile);
        CheckSubnets(profile);
        CheckRouting(profile);
        return profile;
    }

    private static void CheckShared(TrafficProfile profile)
    {
        if (Shared(profile, endpoint => [endpoint.Priority.ToString(CultureInfo.InvariantCulture)]) is { } priority)
        {
            throw ProfileErrors.BadRequest($"No two endpoints can share the same priority: {priority.Names} both have {priority.Value}.");
        }

        if (Shared(profile, endpoint => endpoint.GeoMapping.Select(code => code.ToUpperInvariant())) is { } place)
        {
            throw ProfileErrors.BadRequest($"A geography can be mapped to one endpoint only: '{place.Value}' is mapped to {place.Names}.");
        }

        if (Shared(profile, endpoint => endpoint.RecordType == RecordTypes.DomainName ? [] : [endpoint.Target]) is { } address)
        {
            throw ProfileErrors.BadRequest($"No two endpoints can have the same target address: {address.Names} both have {address.Value}.");
        }

        if (Shared(profile, endpoint => endpoint is { Kind: EndpointKind.Azure, Location: { } region } ? [region] : []) is { } sites)
        {
            throw ProfileErrors.BadRequest(
                $"Some of the provided Azure Website endpoints are not valid: One or more conflicts detected in traffic manager configuration. Multiple domains point to region \"{sites.Value}\": "
                + string.Join(", ", profile.Endpoints.Where(endpoint => endpoint.Kind == EndpointKind.Azure && endpoint.Location == sites.Value).Select(endpoint => endpoint.Target)));
        }
    }

    /// <summary>One kind of target in a profile, except by MultiValue, and only kinds that the profile allows. Nested endpoints may be anywhere.</summary>
    private static void CheckTargets(TrafficProfile profile)
    {
        var leaves = profile.Endpoints.Where(endpoint => endpoint.Kind != EndpointKind.Nested).ToList();
        if (profile.AllowedRecordTypes is { } allowed and not RecordTypes.Any
            && leaves.Find(endpoint => endpoint.RecordType != allowed) is { } other)
        {
            throw ProfileErrors.BadRequest($"The target '{other.Target}' of the endpoint '{other.Name}' is invalid: the profile allows targets of type {allowed} only.");
        }

        if (profile.Routing != RoutingMethod.MultiValue && leaves.Find(endpoint => endpoint.RecordType != leaves[0].RecordType) is { } mixed)
        {
            throw ProfileErrors.BadRequest(
                $"Endpoints of one profile must be addressed alike: the target of '{leaves[0].Name}' is of type {leaves[0].RecordType}, that of '{mixed.Name}' of type {mixed.RecordType}.");
        }
    }

    private static void CheckSubnets(TrafficProfile profile)
    {
        // Sorted by where they start: a range that overlaps a later one overlaps the next one too.
        var ranges = profile.Endpoints.SelectMany(endpoint => endpoint.Subnets.Select(range => (Endpoint: endpoint, Range: range)))
            .OrderBy(each => each.Range).ToList();
        for (var i = 1; i < ranges.Count; i++)
        {
            if (ranges[i - 1].Range.Overlaps(ranges[i].Range))
            {
                throw ProfileErrors.BadRequest(
                    $"Subnets cannot overlap: {ranges[i - 1].Range} of '{ranges[i - 1].Endpoint.Name}' and {ranges[i].Range} of '{ranges[i].Endpoint.Name}' do.");
            }
        }
    }

    private static void CheckRouting(TrafficProfile profile)
    {
        switch (profile.Routing)
        {
            case RoutingMethod.Performance when profile.Endpoints.FirstOrDefault(endpoint => endpoint.Location is null) is { } nowhere:
                throw ProfileErrors.BadRequest(
                    $"The location must be specified for endpoints of types externalEndpoints and nestedEndpoints in a profile of type 'Performance'; the endpoint '{nowhere.Name}' has none.");
            case RoutingMethod.Geographic when profile.Endpoints.FirstOrDefault(endpoint => endpoint.GeoMapping.IsEmpty) is { } unmapped:
                throw ProfileErrors.BadRequest(
                    $"Every endpoint of a profile of type 'Geographic' needs at least one geography mapped to it; the endpoint '{unmapped.Name}' has none.");
            case RoutingMethod.MultiValue when profile.Endpoints.FirstOrDefault(endpoint => endpoint.RecordType == RecordTypes.DomainName) is { } named:
                throw ProfileErrors.BadRequest(
                    $"Endpoints of a profile of type 'MultiValue' must be externalEndpoints with an IPv4 or IPv6 address as their target; the endpoint '{named.Name}' is not.");
        }
    }

    /// <summary>A value that belongs to more than one endpoint, and the first two of them.</summary>
    private static (string Value, string Names)? Shared(TrafficProfile profile, Func<TrafficEndpoint, IEnumerable<string>> values)
    {
        var owners = new Dictionary<string, string>();
        foreach (var endpoint in profile.Endpoints)
        {
            foreach (var value in values(endpoint))
            {
                if (!owners.TryAdd(value, endpoint.Name))
                {
                    return (value, $"'{owners[value]}' and '{endpoint.Name}'");
                }
            }
        }

        return null;
    }
}
