using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using DrFunctions.Simulator.Dns;
using DrFunctions.Simulator.ResourceManagement;
using DrFunctions.Simulator.Sites;
using DrFunctions.Simulator.TrafficManager.Routing;

namespace DrFunctions.Simulator.TrafficManager;

/// <summary>Reads and checks the body of an endpoint.</summary>
/// <exception cref="ArmRejection">Every method: the body is not valid; the message names the member and what was expected.</exception>
internal sealed partial class EndpointReader(Scenario scenario, SiteStore sites)
{
    private const string Types = "Microsoft.Network/trafficManagerProfiles/";

    /// <summary>Reads an endpoint inside a profile, which carries its name and type.</summary>
    public (TrafficEndpoint Endpoint, int? Priority) Read(BodyReader body)
    {
        var name = body.Text("name");
        var type = body.Text("type");
        var kind = type is not null && type.StartsWith(Types, StringComparison.OrdinalIgnoreCase) ? KindOf(type[Types.Length..]) : null;
        if (kind is null)
        {
            throw ProfileErrors.BadRequest(
                $"The type '{type ?? "<null>"}' specified for endpoint '{name ?? "<null>"}' is invalid. Valid endpoint types are: {Types}azureEndpoints, {Types}externalEndpoints, {Types}nestedEndpoints.");
        }

        return Read(body, kind.Value, name ?? "");
    }

    /// <summary>Reads an endpoint whose path carries its name and type.</summary>
    public (TrafficEndpoint Endpoint, int? Priority) Read(BodyReader body, EndpointKind kind, string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 260)
        {
            throw ProfileErrors.BadRequest(
                $"Endpoint name '{name}' is invalid. Endpoint names cannot be empty or all whitespace, and must be up to 260 alphanumeric characters long.");
        }

        var properties = body.RequiredObject("properties");
        var places = properties.Texts("geoMapping").ToImmutableArray();
        if (places.FirstOrDefault(code => !Geography.IsKnown(code)) is { } unknown)
        {
            throw ProfileErrors.BadRequest(
                $"The value '{unknown}' of '{properties.PathOf("geoMapping")}' is invalid: expected codes such as WORLD, GEO-EU, DE or US-CA.");
        }

        var endpoint = new TrafficEndpoint
        {
            Kind = kind,
            Name = name,
            Target = "",
            Enabled = properties.Switch("endpointStatus") ?? true,
            Weight = properties.Number("weight", 1, 1000) ?? 1,
            Priority = 0,
            Location = ReadLocation(properties),
            GeoMapping = places,
            Subnets = ReadSubnets(properties),
            Headers = ReadHeaders(properties),
            AlwaysServe = properties.Switch("alwaysServe"),
        };
        endpoint = kind switch
        {
            EndpointKind.Azure => LeadToSite(endpoint, properties),
            EndpointKind.Nested => LeadToProfile(endpoint, properties),
            _ => endpoint with { Target = ReadTarget(properties) },
        };
        return (endpoint, properties.Number("priority", 1, 1000));
    }

    public static EndpointKind? KindOf(string typeSegment) => typeSegment.ToUpperInvariant() switch
    {
        "AZUREENDPOINTS" => EndpointKind.Azure,
        "EXTERNALENDPOINTS" => EndpointKind.External,
        "NESTEDENDPOINTS" => EndpointKind.Nested,
        _ => null,
    };

    public static ImmutableArray<CustomHeader> ReadHeaders(BodyReader owner)
    {
        var headers = owner.Objects("customHeaders")
            .Select(header => new CustomHeader(header.RequiredText("name"), header.RequiredText("value"))).ToImmutableArray();
        if (headers.FirstOrDefault(header => !HeaderName().IsMatch(header.Name) || header.Value.Any(char.IsControl)) is { } wrong)
        {
            throw ProfileErrors.BadRequest(
                $"The value of '{owner.PathOf("customHeaders")}' is invalid: '{wrong.Name}' is no header name or its value has control characters.");
        }

        if (headers.FirstOrDefault(header => ArmRouter.Is(header.Name, "Host") && header.Value.Contains('*')) is { } wild)
        {
            throw ProfileErrors.BadRequest($"The value of '{owner.PathOf("customHeaders")}' is invalid: the host '{wild.Value}' has an asterisk.");
        }

        return headers.Length <= 8
            ? headers
            : throw ProfileErrors.BadRequest($"The value of '{owner.PathOf("customHeaders")}' is invalid: {headers.Length} headers, 8 are allowed.");
    }

    private static string ReadTarget(BodyReader properties)
    {
        var target = properties.RequiredText("target");
        return IPAddress.TryParse(target, out _) || (DnsName.TryParse(target, out _) && HostName().IsMatch(target))
            ? target
            : throw ProfileErrors.BadRequest($"The value '{target}' of '{properties.PathOf("target")}' is invalid: expected a host name or an address.");
    }

    private string? ReadLocation(BodyReader properties)
    {
        var location = properties.Text("endpointLocation");
        return string.IsNullOrEmpty(location) ? null
            : AzureRegions.IsKnown(location) || scenario.Regions.Any(region => AzureRegions.Same(region.Name, location)) ? location
            : throw ProfileErrors.BadRequest($"The value '{location}' of '{properties.PathOf("endpointLocation")}' is invalid: expected an Azure region.");
    }

    private static ImmutableArray<AddressRange> ReadSubnets(BodyReader properties) => [.. properties.Objects("subnets").Select(subnet =>
        AddressRange.TryCreate(subnet.RequiredText("first"), subnet.Text("last"), subnet.Number("scope", 0, 128), out var range, out var reason)
            ? range
            : throw ProfileErrors.BadRequest($"The value of '{properties.PathOf("subnets")}' is invalid: {reason}."))];

    private TrafficEndpoint LeadToSite(TrafficEndpoint endpoint, BodyReader properties)
    {
        var id = properties.RequiredText("targetResourceId");
        return ReadId(id, "Microsoft.Web", "sites") is var (group, name)
            && sites.TryFind(name, out var site) && ArmRouter.Is(site.ResourceGroup, group)
            ? endpoint with { Target = site.DefaultHostName, TargetResourceId = id, Location = AzureRegions.DisplayNameOf(site.Region) }
            : throw ProfileErrors.BadRequest(
                $"The value '{id}' of '{properties.PathOf("targetResourceId")}' is invalid: expected the id of a Microsoft.Web/sites resource that exists.");
    }

    private TrafficEndpoint LeadToProfile(TrafficEndpoint endpoint, BodyReader properties)
    {
        var id = properties.RequiredText("targetResourceId");
        var (group, name) = ReadId(id, "Microsoft.Network", "trafficManagerProfiles") ?? throw ProfileErrors.BadRequest(
            $"The value '{id}' of '{properties.PathOf("targetResourceId")}' is invalid: expected the id of a {ProfileWriter.ProfileType} resource.");
        endpoint = endpoint with
        {
            TargetResourceId = id,
            ChildKey = TrafficProfile.KeyOf(group, name),
            MinChildEndpoints = properties.Number("minChildEndpoints", 1, ProfileRules.MaxEndpoints) ?? 1,
            MinChildEndpointsIPv4 = properties.Number("minChildEndpointsIPv4", 0, ProfileRules.MaxEndpoints),
            MinChildEndpointsIPv6 = properties.Number("minChildEndpointsIPv6", 0, ProfileRules.MaxEndpoints),
        };
        return endpoint.MinChildEndpointsIPv4 > endpoint.MinChildEndpoints || endpoint.MinChildEndpointsIPv6 > endpoint.MinChildEndpoints
            ? throw ProfileErrors.BadRequest(
                $"The value {endpoint.MinChildEndpoints} of '{properties.PathOf("minChildEndpoints")}' is invalid: expected no less than minChildEndpointsIPv4 and minChildEndpointsIPv6.")
            : endpoint;
    }

    /// <summary>Group and name in the id of a resource of this subscription; null when it is none of the type.</summary>
    private (string Group, string Name)? ReadId(string id, string provider, string type) =>
        id.Split('/', StringSplitOptions.RemoveEmptyEntries) is [var subscriptions, var subscription, var groups, var group, var providers, var @namespace, var kind, var name]
        && ArmRouter.Is(subscriptions, "subscriptions") && ArmRouter.Is(subscription, scenario.SubscriptionId)
        && ArmRouter.Is(groups, "resourceGroups") && ArmRouter.Is(providers, "providers")
        && ArmRouter.Is(@namespace, provider) && ArmRouter.Is(kind, type)
            ? (group, name)
            : null;

    [GeneratedRegex("^[A-Za-z0-9._-]+$")]
    private static partial Regex HostName();

    [GeneratedRegex("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")]
    private static partial Regex HeaderName();
}
