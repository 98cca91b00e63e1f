using System.Text.Json.Nodes;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.ResourceManager.TrafficManager;

/// <summary>From a profile's JSON to what runs decide on. What the service did not say is never read as good.</summary>
internal static class ProfileReader
{
    private const string Unknown = "Unknown";

    public static TrafficProfile Read(ResourceId profile, ResourceAnswer answer)
    {
        var body = answer.Object();
        return new TrafficProfile(
            profile,
            body.TextOrNull("properties", "trafficRoutingMethod") ?? throw ResourceAnswer.Unreadable(answer.What, "without a routing method"),
            body.TextOrNull("properties", "monitorConfig", "profileMonitorStatus") ?? Unknown,
            body.TextOrNull("properties", "dnsConfig", "fqdn") ?? throw ResourceAnswer.Unreadable(answer.What, "without a DNS name"),
            TimeSpan.FromSeconds(
                body.NumberOrNull("properties", "dnsConfig", "ttl") ?? throw ResourceAnswer.Unreadable(answer.What, "without a DNS time to live")),
            [.. Endpoints(answer).Select(ReadEndpoint)])
        {
            Enabled = !Is(body.TextOrNull("properties", "profileStatus"), "Disabled"),
            Probing = ReadProbing(body.At("properties", "monitorConfig")),
        };
    }

    /// <summary>The endpoints' objects, each with a name and properties.</summary>
    public static IReadOnlyList<JsonObject> Endpoints(ResourceAnswer answer)
    {
        var array = answer.Object().At("properties", "endpoints") as JsonArray ?? throw ResourceAnswer.Unreadable(answer.What, "without endpoints");
        return [.. array.Select(node => node is JsonObject body && body["properties"] is JsonObject && body.TextOrNull("name") is not null
            ? body
            : throw ResourceAnswer.Unreadable(answer.What, "with an endpoint that has no name or no properties"))];
    }

    private static TrafficEndpoint ReadEndpoint(JsonObject body) => new(
        body.TextOrNull("name")!, // Endpoints saw it.
        body.TextOrNull("properties", "target") ?? "",
        Is(body.TextOrNull("properties", "endpointStatus"), "Enabled"),
        body.NumberOrNull("properties", "priority") ?? 0,
        body.TextOrNull("properties", "endpointMonitorStatus") ?? Unknown)
    {
        Kind = KindOf(body.TextOrNull("type") ?? ""),
        Resource = ResourceId.TryParse(body.TextOrNull("properties", "targetResourceId"), out var id) ? id : null,
        Weight = body.NumberOrNull("properties", "weight") ?? 0,
        Places = body.At("properties", "geoMapping") is JsonArray places ? [.. places.Select(place => place.TextOrNull()).OfType<string>()] : [],
        MinimumChildren = body.NumberOrNull("properties", "minChildEndpoints"),
        AlwaysServe = Is(body.TextOrNull("properties", "alwaysServe"), "Enabled"),
    };

    private static EndpointKind KindOf(string type) => type[(type.LastIndexOf('/') + 1)..].ToUpperInvariant() switch
    {
        "NESTEDENDPOINTS" => EndpointKind.Nested,
        "EXTERNALENDPOINTS" => EndpointKind.External,
        _ => EndpointKind.Azure,
    };

    private static ProbeSettings? ReadProbing(JsonNode? monitor) =>
        monitor.TextOrNull("protocol") is { } protocol
        && monitor.NumberOrNull("port") is { } port
        && monitor.NumberOrNull("intervalInSeconds") is { } interval
        && monitor.NumberOrNull("timeoutInSeconds") is { } timeout
        && monitor.NumberOrNull("toleratedNumberOfFailures") is { } tolerated
            ? new ProbeSettings(
                protocol, port, monitor.TextOrNull("path"), TimeSpan.FromSeconds(interval), TimeSpan.FromSeconds(timeout), tolerated)
            : null;

    private static bool Is(string? text, string expected) => string.Equals(text, expected, StringComparison.OrdinalIgnoreCase);
}
