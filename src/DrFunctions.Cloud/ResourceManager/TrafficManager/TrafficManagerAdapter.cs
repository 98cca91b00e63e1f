using System.Text.Json.Nodes;
using Azure.Core;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.ResourceManager.TrafficManager;

/// <summary>
/// Traffic Manager profiles. A write reads the whole profile, changes what the settings name, and puts the whole profile back in one
/// request: priorities and places are unique, so that two swapped one after the other would collide. A write whose answer was lost is not
/// repeated here: whoever wants it reads first. Thread-safe.
/// </summary>
/// <param name="client">Sends the requests.</param>
public sealed class TrafficManagerAdapter(ResourceManagerClient client) : ITrafficManager
{
    private const string ApiVersion = "2022-04-01";

    /// <inheritdoc/>
    public async Task<TrafficProfile> ReadAsync(ResourceId profile, CancellationToken cancellationToken) =>
        ProfileReader.Read(profile, await client.SendAsync(RequestMethod.Get, profile, null, ApiVersion, null, cancellationToken));

    /// <inheritdoc/>
    /// <remarks>
    /// Everything that is not asked for goes back as it came, unknown properties included. Codes of its own: <c>UnknownEndpoint</c>,
    /// <c>InvalidPriority</c>, <c>InvalidWeight</c>, <c>InvalidPlaces</c>, and <c>EndpointsNotWritten</c> when the service accepted
    /// the profile but answered with another one.
    /// </remarks>
    public async Task WriteAsync(TrafficProfile seen, RoutingSettings wanted, CancellationToken cancellationToken)
    {
        var answer = await client.SendAsync(RequestMethod.Get, seen.Id, null, ApiVersion, null, cancellationToken);
        var found = ProfileReader.Read(seen.Id, answer);
        if (wanted.AreOf(found))
        {
            return;
        }

        // The service has no ETags: what was decided on must still be so a moment before the write.
        if (!RoutingSettings.Of(seen).AreOf(found))
        {
            throw new RecoveryException(
                "ProfileChanged",
                $"Traffic Manager profile '{seen.Id}' changed while it was being decided on; it is now {Text(found)}. Nothing was written.",
                isTransient: true,
                "Find out who else writes the profile: another runbook, a deployment or a person.");
        }

        SettingsCheck.Check(found, wanted);
        Apply(ProfileReader.Endpoints(answer), wanted);
        if (!found.RoutesBy(wanted.Method))
        {
            answer.Object()["properties"]!["trafficRoutingMethod"] = wanted.Method; // Read saw it.
        }

        var written = await client.SendAsync(new ResourceRequest(RequestMethod.Put, seen.Id, ApiVersion) { Body = answer.Object() }, cancellationToken);
        var now = ProfileReader.Read(seen.Id, written);
        if (!wanted.AreOf(now))
        {
            throw new RecoveryException("EndpointsNotWritten",
                $"{written.What}: accepted, but the answer still differs: {Text(now)}.", isTransient: true,
                "Somebody else may be writing the profile; read it in the portal, then retry the step.");
        }
    }

    private static void Apply(IReadOnlyList<JsonObject> endpoints, RoutingSettings wanted)
    {
        foreach (var endpoint in endpoints)
        {
            if (wanted.Named(endpoint.TextOrNull("name")!) is not { } setting) // Endpoints saw the name.
            {
                continue;
            }

            var properties = endpoint["properties"]!.AsObject(); // Endpoints saw it.
            properties["endpointStatus"] = setting.Enabled ? "Enabled" : "Disabled";
            if (setting.Priority is { } priority)
            {
                properties["priority"] = priority;
            }

            if (setting.Weight is { } weight)
            {
                properties["weight"] = weight;
            }

            if (setting.Places is { } places)
            {
                properties["geoMapping"] = new JsonArray([.. places.Select(place => JsonValue.Create(place))]);
            }
        }
    }

    private static string Text(TrafficProfile profile) =>
        $"{profile.RoutingMethod}: {string.Join("; ", profile.Endpoints.Select(EndpointSetting.Of))}";
}
