using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Core;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.ResourceManager;

/// <summary>
/// Traffic Manager profiles. A write reads the whole profile, changes priority and status of the endpoints named, and puts the
/// whole profile back in one request: priorities are unique, so that two swapped one after the other would collide. Thread-safe.
/// </summary>
/// <param name="client">Sends the requests.</param>
public sealed class TrafficManagerAdapter(ResourceManagerClient client) : ITrafficManager
{
    private const string ApiVersion = "2022-04-01";
    private const int HighestPriority = 1000;

    /// <summary>What the service did not say is never reported as good.</summary>
    private const string Unknown = "Unknown";

    private static readonly JsonSerializerOptions s_asItWas = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public async Task<TrafficProfile> ReadAsync(ResourceId profile, CancellationToken cancellationToken)
    {
        var answer = await client.SendAsync(RequestMethod.Get, profile, null, ApiVersion, null, cancellationToken);
        var body = answer.Object();
        return new TrafficProfile(
            profile,
            body.TextOrNull("properties", "trafficRoutingMethod") ?? throw ResourceAnswer.Unreadable(answer.What, "without a routing method"),
            body.TextOrNull("properties", "monitorConfig", "profileMonitorStatus") ?? Unknown,
            body.TextOrNull("properties", "dnsConfig", "fqdn") ?? throw ResourceAnswer.Unreadable(answer.What, "without a DNS name"),
            TimeSpan.FromSeconds(
                body.NumberOrNull("properties", "dnsConfig", "ttl") ?? throw ResourceAnswer.Unreadable(answer.What, "without a DNS time to live")),
            [.. Endpoints(answer).Select(endpoint => new TrafficEndpoint(
                endpoint.Name,
                endpoint.Body.TextOrNull("properties", "target") ?? "",
                endpoint.IsEnabled,
                endpoint.Body.NumberOrNull("properties", "priority") ?? 0,
                endpoint.Body.TextOrNull("properties", "endpointMonitorStatus") ?? Unknown))]);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Sends nothing when the profile is already as asked. Everything that is not asked for goes back as it came, unknown
    /// properties included. Codes of its own: <c>UnknownEndpoint</c>, <c>InvalidPriority</c>, and <c>EndpointsNotWritten</c>
    /// when the service accepted the profile but answered with another one.
    /// </remarks>
    public async Task WriteEndpointsAsync(
        ResourceId profile, IReadOnlyList<EndpointSetting> endpoints, CancellationToken cancellationToken)
    {
        var answer = await client.SendAsync(RequestMethod.Get, profile, null, ApiVersion, null, cancellationToken);
        var found = Endpoints(answer);
        Validate(profile, endpoints, found);
        if (Differences(found, endpoints).Count == 0)
        {
            return;
        }

        foreach (var setting in endpoints)
        {
            var properties = Named(found, setting.Name)!.Body["properties"]!.AsObject(); // Validate and Endpoints saw both.
            properties["endpointStatus"] = setting.Enabled ? "Enabled" : "Disabled";
            properties["priority"] = setting.Priority;
        }

        var body = BinaryData.FromString(answer.Object().ToJsonString(s_asItWas));
        var written = await client.SendAsync(RequestMethod.Put, profile, null, ApiVersion, body, cancellationToken);
        var missed = Differences(Endpoints(written), endpoints);
        if (missed.Count > 0)
        {
            throw new RecoveryException("EndpointsNotWritten",
                $"{written.What}: accepted, but the answer still differs: {string.Join(", ", missed)}.", isTransient: true,
                "Somebody else may be writing the profile; read it in the portal, then retry the step.");
        }
    }

    private static void Validate(ResourceId profile, IReadOnlyList<EndpointSetting> settings, List<Endpoint> found)
    {
        if (settings.FirstOrDefault(setting => Named(found, setting.Name) is null) is { } unknown)
        {
            throw new RecoveryException("UnknownEndpoint",
                $"Traffic Manager profile '{profile}' has no endpoint '{unknown.Name}'; it has {string.Join(", ", found.Select(one => $"'{one.Name}'"))}.",
                isTransient: false, "Correct the endpoint names in the plan, or create the endpoint.");
        }

        if (settings.FirstOrDefault(setting => setting.Priority is < 1 or > HighestPriority) is { } outside)
        {
            throw Invalid($"priority {outside.Priority} of endpoint '{outside.Name}' is not between 1 and {HighestPriority}");
        }

        var priorities = found.Select(endpoint => (
            endpoint.Name,
            Priority: settings.LastOrDefault(setting => Same(setting.Name, endpoint.Name))?.Priority
                ?? endpoint.Body.NumberOrNull("properties", "priority")));
        foreach (var taken in priorities.Where(one => one.Priority is not null).GroupBy(one => one.Priority).Where(group => group.Count() > 1))
        {
            throw Invalid($"priority {taken.Key} would be that of {string.Join(" and ", taken.Select(one => $"'{one.Name}'"))}");
        }

        RecoveryException Invalid(string why) => new(
            "InvalidPriority", $"Traffic Manager profile '{profile}': {why}.", isTransient: false, "Priorities are unique in a profile; name every endpoint.");
    }

    private static List<string> Differences(List<Endpoint> found, IReadOnlyList<EndpointSetting> settings) =>
        [.. settings
            .Where(setting => Named(found, setting.Name) is not { } endpoint
                || endpoint.IsEnabled != setting.Enabled
                || endpoint.Body.NumberOrNull("properties", "priority") != setting.Priority)
            .Select(setting => $"'{setting.Name}' is not {(setting.Enabled ? "enabled" : "disabled")} with priority {setting.Priority}")];

    private static List<Endpoint> Endpoints(ResourceAnswer answer)
    {
        var array = answer.Object().At("properties", "endpoints") as JsonArray ?? throw ResourceAnswer.Unreadable(answer.What, "without endpoints");
        return [.. array.Select(node => node is JsonObject body && body["properties"] is JsonObject && body.TextOrNull("name") is { } name
            ? new Endpoint(name, body)
            : throw ResourceAnswer.Unreadable(answer.What, "with an endpoint that has no name or no properties"))];
    }

    private static Endpoint? Named(List<Endpoint> endpoints, string name) => endpoints.Find(one => Same(one.Name, name));

    private static bool Same(string? left, string? right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private sealed record Endpoint(string Name, JsonObject Body)
    {
        public bool IsEnabled => Same(Body.TextOrNull("properties", "endpointStatus"), "Enabled");
    }
}
