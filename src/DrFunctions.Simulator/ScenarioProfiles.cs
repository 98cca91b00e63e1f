using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;
using DrFunctions.Simulator.TrafficManager;

namespace DrFunctions.Simulator;

/// <summary>Turns a scenario's profile into the request that would create it, so that one set of rules holds for both.</summary>
internal static class ScenarioProfiles
{
    /// <exception cref="ArmRejection">Traffic Manager would refuse the profile.</exception>
    public static TrafficProfile Read(Scenario scenario, ScenarioProfile profile, ProfileReader reader)
    {
        var group = scenario.ResourceGroups.FirstOrDefault(name => ArmRouter.Is(name, profile.ResourceGroup)) ?? profile.ResourceGroup;
        return reader.Read(Write(scenario, profile), group, profile.Name);
    }

    private static JsonObject Write(Scenario scenario, ScenarioProfile profile) => new()
    {
        ["location"] = "global",
        ["properties"] = new JsonObject
        {
            ["trafficRoutingMethod"] = profile.RoutingMethod,
            ["dnsConfig"] = new JsonObject { ["relativeName"] = profile.RelativeName ?? profile.Name, ["ttl"] = profile.TtlInSeconds },
            ["monitorConfig"] = new JsonObject
            {
                ["protocol"] = profile.Monitor.Protocol,
                ["port"] = profile.Monitor.Port,
                ["path"] = profile.Monitor.Path,
                ["intervalInSeconds"] = profile.Monitor.IntervalInSeconds,
                ["timeoutInSeconds"] = profile.Monitor.TimeoutInSeconds,
                ["toleratedNumberOfFailures"] = profile.Monitor.ToleratedNumberOfFailures,
            },
            ["endpoints"] = new JsonArray([.. profile.Endpoints.Select(endpoint => Write(scenario, profile, endpoint))]),
        },
    };

    private static JsonObject Write(Scenario scenario, ScenarioProfile profile, ScenarioEndpoint endpoint)
    {
        var properties = new JsonObject
        {
            ["target"] = endpoint.Target,
            ["priority"] = endpoint.Priority,
            ["weight"] = endpoint.Weight,
            ["geoMapping"] = new JsonArray([.. endpoint.GeoMapping.Select(code => JsonValue.Create(code))]),
            ["endpointStatus"] = endpoint.Enabled ? "Enabled" : "Disabled",
        };
        if (endpoint.AlwaysServe)
        {
            properties["alwaysServe"] = "Enabled";
        }

        if (endpoint.Site is not null)
        {
            var group = scenario.Sites.FirstOrDefault(site => ArmRouter.Is(site.Name, endpoint.Site))?.ResourceGroup ?? profile.ResourceGroup;
            properties["targetResourceId"] = new ArmScope(scenario.SubscriptionId, group).ResourceId(group, "Microsoft.Web/sites", endpoint.Site);
        }

        return new JsonObject
        {
            ["name"] = endpoint.Name,
            ["type"] = ProfileWriter.ProfileType + (endpoint.Site is null ? "/externalEndpoints" : "/azureEndpoints"),
            ["properties"] = properties,
        };
    }
}
