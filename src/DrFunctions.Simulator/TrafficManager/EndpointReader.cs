using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using DrFunctions.Simulator.Dns;
using DrFunctions.Simulator.ResourceManagement;
using DrFunctions.Simulator.Sites;

namespace DrFunctions.Simulator.TrafficManager;

/// <summary>Reads and checks the body of an endpoint.</summary>
/// <exception cref="ArmRejection">Every method: the body is not valid; the message names the member and what was expected.</exception>
internal sealed partial class EndpointReader(string subscriptionId, SiteStore sites)
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
                $"The type '{type ?? "<null>"}' specified for endpoint '{name ?? "<null>"}' is invalid. Valid endpoint types are: {Types}azureEndpoints, {Types}externalEndpoints. The simulator does not carry nested endpoints.");
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
        if (properties.Has("subnets"))
        {
            throw ProfileErrors.BadRequest($"The member '{properties.PathOf("subnets")}' is not carried by the simulator, which does not route by subnet.");
        }

        var (target, resourceId) = kind == EndpointKind.Azure ? ReadSite(properties) : (ReadTarget(properties), null);
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
            Target = target,
            TargetResourceId = resourceId,
            Enabled = properties.Switch("endpointStatus") ?? true,
            Weight = properties.Number("weight", 1, 1000) ?? 1,
            Priority = 0,
            Location = properties.Text("endpointLocation"),
            GeoMapping = places,
            Headers = ReadHeaders(properties),
            AlwaysServe = properties.Switch("alwaysServe"),
        };
        return (endpoint, properties.Number("priority", 1, 1000));
    }

    public static EndpointKind? KindOf(string typeSegment) => typeSegment.ToUpperInvariant() switch
    {
        "AZUREENDPOINTS" => EndpointKind.Azure,
        "EXTERNALENDPOINTS" => EndpointKind.External,
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

    private (string Target, string ResourceId) ReadSite(BodyReader properties)
    {
        var id = properties.RequiredText("targetResourceId");
        var segments = id.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return segments is [var subscriptions, var subscription, var groups, var group, var providers, var @namespace, var type, var name]
            && ArmRouter.Is(subscriptions, "subscriptions") && ArmRouter.Is(subscription, subscriptionId)
            && ArmRouter.Is(groups, "resourceGroups") && ArmRouter.Is(providers, "providers")
            && ArmRouter.Is(@namespace, "Microsoft.Web") && ArmRouter.Is(type, "sites")
            && sites.TryFind(name, out var site) && ArmRouter.Is(site.ResourceGroup, group)
            ? (site.DefaultHostName, id)
            : throw ProfileErrors.BadRequest(
                $"The value '{id}' of '{properties.PathOf("targetResourceId")}' is invalid: expected the id of a Microsoft.Web/sites resource that exists.");
    }

    [GeneratedRegex("^[A-Za-z0-9._-]+$")]
    private static partial Regex HostName();

    [GeneratedRegex("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")]
    private static partial Regex HeaderName();
}
