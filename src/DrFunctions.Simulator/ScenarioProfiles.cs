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
            ["profileStatus"] = profile.Enabled ? "Enabled" : "Disabled",
            ["trafficRoutingMethod"] = profile.RoutingMethod,
            ["maxReturn"] = profile.MaxReturn,
            ["dnsConfig"] = new JsonObject { ["relativeName"] = profile.RelativeName ?? profile.Name, ["ttl"] = profile.TtlInSeconds },
            ["monitorConfig"] = new JsonObject
            {
                ["protocol"] = profile.Monitor.Protocol,
                ["port"] = profile.Monitor.Port,
                ["path"] = profile.Monitor.Path,
                ["intervalInSeconds"] = profile.Monitor.IntervalInSeconds,
                ["timeoutInSeconds"] = profile.Monitor.TimeoutInSeconds,
                ["toleratedNumberOfFailures"] = profile.Monitor.ToleratedNumberOfFailures,
                ["customHeaders"] = Write(profile.Monitor.CustomHeaders),
                ["expectedStatusCodeRanges"] = new JsonArray([.. profile.Monitor.ExpectedStatusCodes.Select(WriteStatuses)]),
            },
            ["endpoints"] = new JsonArray([.. profile.Endpoints.Select(endpoint => Write(scenario, profile, endpoint))]),
        },
    };

    private static JsonObject Write(Scenario scenario, ScenarioProfile profile, ScenarioEndpoint endpoint)
    {
        var properties = new JsonObject
        {
            ["target"] = endpoint.Target,
            ["targetResourceId"] = ResourceIdOf(scenario, profile, endpoint),
            ["priority"] = endpoint.Priority,
            ["weight"] = endpoint.Weight,
            ["endpointLocation"] = endpoint.Location,
            ["minChildEndpoints"] = endpoint.MinChildEndpoints,
            ["minChildEndpointsIPv4"] = endpoint.MinChildEndpointsIPv4,
            ["minChildEndpointsIPv6"] = endpoint.MinChildEndpointsIPv6,
            ["geoMapping"] = new JsonArray([.. endpoint.GeoMapping.Select(code => JsonValue.Create(code))]),
            ["subnets"] = new JsonArray([.. endpoint.Subnets.Select(WriteSubnet)]),
            ["customHeaders"] = Write(endpoint.CustomHeaders),
            ["endpointStatus"] = endpoint.Enabled ? "Enabled" : "Disabled",
        };
        if (endpoint.AlwaysServe)
        {
            properties["alwaysServe"] = "Enabled";
        }

        return new JsonObject
        {
            ["name"] = endpoint.Name,
            ["type"] = ProfileWriter.ProfileType + (endpoint.Site is not null ? "/azureEndpoints" : endpoint.Profile is not null ? "/nestedEndpoints" : "/externalEndpoints"),
            ["properties"] = properties,
        };
    }

    private static string? ResourceIdOf(Scenario scenario, ScenarioProfile profile, ScenarioEndpoint endpoint)
    {
        var (type, name, group) = endpoint switch
        {
            { Site: { } site } => ("Microsoft.Web/sites", site, scenario.Sites.FirstOrDefault(each => ArmRouter.Is(each.Name, site))?.ResourceGroup),
            { Profile: { } child } => (
                ProfileWriter.ProfileType, child, scenario.TrafficManagerProfiles.FirstOrDefault(each => ArmRouter.Is(each.Name, child))?.ResourceGroup),
            _ => ("", null, null),
        };
        group ??= profile.ResourceGroup;
        return name is null ? null : new ArmScope(scenario.SubscriptionId, group).ResourceId(group, type, name);
    }

    private static JsonArray Write(IReadOnlyDictionary<string, string> headers) =>
        new([.. headers.Select(header => new JsonObject { ["name"] = header.Key, ["value"] = header.Value })]);

    private static JsonObject WriteStatuses(string range)
    {
        var ends = range.Split('-');
        return new JsonObject { ["min"] = Number(ends[0]), ["max"] = Number(ends[^1]) };
    }

    private static JsonObject WriteSubnet(string subnet)
    {
        if (subnet.Split('/', 2) is [var network, var scope])
        {
            return new JsonObject { ["first"] = network, ["scope"] = Number(scope) };
        }

        var ends = subnet.Split('-', 2);
        return new JsonObject { ["first"] = ends[0], ["last"] = ends.Length == 2 ? ends[1] : null };
    }

    /// <summary>What is no number stays a text, for the reader to refuse.</summary>
    private static JsonValue Number(string text) =>
        int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(text);
}
