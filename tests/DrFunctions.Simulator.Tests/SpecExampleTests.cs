using System.Net;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.Dns;
using DrFunctions.Testing.Files;

namespace DrFunctions.Simulator.Tests;

/// <summary>The specification's own examples and a recorded exchange: request in, the same status and shape out.</summary>
public class SpecExampleTests
{
    private const string NetworkPath = "/subscriptions/{s}/resourceGroups/{rg}/providers/Microsoft.Network/";
    private const string ProfilePath = NetworkPath + "trafficmanagerprofiles/{profile}";
    private const string UserMetricsKeyPath = "/subscriptions/{s}/providers/Microsoft.Network/trafficManagerUserMetricsKeys/default";
    private const string EndpointPath = ProfilePath + "/{type}/{endpoint}";

    private static readonly string[] FilledIn =
        ["key", "startTime", "endTime", "latitude", "longitude", "sourceIp", "latency", "queryCount", "resourceId"];

    [SharedTheory("azure-specs/Microsoft.Network")]
    [InlineData("Profile-PUT-NoEndpoints", "PUT", ProfilePath)]
    [InlineData("Profile-PUT-WithEndpoints", "PUT", ProfilePath)]
    [InlineData("Profile-PATCH-MonitorConfig", "PATCH", ProfilePath)]
    [InlineData("Profile-GET-WithEndpoints", "GET", ProfilePath)]
    [InlineData("Profile-GET-WithTrafficViewEnabled", "GET", ProfilePath)]
    [InlineData("Profile-GET-ByResourceGroup", "GET", NetworkPath + "trafficmanagerprofiles")]
    [InlineData("Profile-DELETE", "DELETE", ProfilePath)]
    [InlineData("Endpoint-GET-External-WithLocation", "GET", EndpointPath)]
    [InlineData("Endpoint-PUT-External-WithLocation", "PUT", EndpointPath)]
    [InlineData("Endpoint-PUT-External-WithAlwaysServe", "PUT", EndpointPath)]
    [InlineData("Endpoint-PUT-External-WithGeoMapping", "PUT", EndpointPath)]
    [InlineData("NameAvailabilityTest_NameAvailable-POST-example-21", "POST", "/providers/Microsoft.Network/checkTrafficManagerNameAvailability")]
    [InlineData("NameAvailabilityV2Test_NameNotAvailable-POST-example-23", "POST", "/subscriptions/{s}/providers/Microsoft.Network/checkTrafficManagerNameAvailabilityV2")]
    [InlineData("GeographicHierarchy-GET-default", "GET", "/providers/Microsoft.Network/trafficManagerGeographicHierarchies/default")]
    [InlineData("HeatMap-GET", "GET", ProfilePath + "/heatMaps/default")]
    [InlineData("TrafficManagerUserMetricsKeys-PUT", "PUT", UserMetricsKeyPath)]
    [InlineData("TrafficManagerUserMetricsKeys-GET", "GET", UserMetricsKeyPath)]
    public async Task Network_Example_HasItsStatusAndShape(string example, string method, string path)
    {
        var file = SpecShape.Read("Microsoft.Network", example);
        await using var simulation = await StartAsync(file);
        await PrepareAsync(simulation, file, example);

        var (status, body, _) = await simulation.SendAsync(method, Fill(path, file), method is "GET" or "DELETE" ? null : file["parameters"]!["parameters"]);

        var expected = file["responses"]![((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture)];
        Assert.True(expected is not null, $"the example has no status {(int)status}; the answer is {body}");
        if (expected["body"] is JsonObject { Count: > 0 } shape)
        {
            SpecShape.AssertHas(shape, body, "$", FilledIn);
        }
    }

    [SharedTheory("azure-specs/recorded/trafficmanager_profile_endpoint_lifecycle.json")]
    [InlineData("trafficmanager_profile_endpoint_lifecycle")]
    public async Task Recording_OfTheRealService_IsRepeatedExactly(string recording)
    {
        var exchanges = JsonNode.Parse(await File.ReadAllTextAsync(SharedFolder.Combine("azure-specs", "recorded", recording + ".json")))!["exchanges"]!.AsArray();
        await using var simulation = await Simulation.StartAsync(Scenarios.Shop() with
        {
            SubscriptionId = "00000000-0000-0000-0000-000000000000",
            ResourceGroups = ["rg"],
            Sites = [],
            TrafficManagerProfiles = [],
        });
        foreach (var exchange in exchanges)
        {
            var uri = new Uri((string)exchange!["uri"]!);

            var (status, body, response) = await simulation.SendAsync((string)exchange["method"]!, uri.PathAndQuery, exchange["requestBody"]);

            var what = $"{exchange["method"]} {uri.AbsolutePath}";
            Assert.Equal((what, (int)exchange["response"]!["status"]!), (what, (int)status));
            Assert.True(JsonNode.DeepEquals(exchange["response"]!["body"], body), $"{what}: expected {exchange["response"]!["body"]} and found {body}");
            Assert.Equal(body is null ? 0 : response.Content.Headers.ContentLength, response.Content.Headers.ContentLength);
        }
    }

    private static string Fill(string path, JsonObject file)
    {
        var parameters = file["parameters"]!;
        return path.Replace("{s}", (string?)parameters["subscriptionId"], StringComparison.Ordinal)
            .Replace("{rg}", (string?)parameters["resourceGroupName"], StringComparison.Ordinal)
            .Replace("{profile}", (string?)parameters["profileName"], StringComparison.Ordinal)
            .Replace("{type}", (string?)parameters["endpointType"], StringComparison.Ordinal)
            .Replace("{endpoint}", (string?)parameters["endpointName"], StringComparison.Ordinal)
            + "?api-version=" + (string?)parameters["api-version"];
    }

    private static Task<Simulation> StartAsync(JsonObject file)
    {
        var group = (string?)file["parameters"]!["resourceGroupName"] ?? "rg";
        return Simulation.StartAsync(new Scenario
        {
            SubscriptionId = (string?)file["parameters"]!["subscriptionId"] ?? "s",
            ResourceGroups = [group],
            Regions = [new() { Name = "eastus", Address = "127.0.0.11" }],
            ClientLocation = "NL",
        });
    }

    /// <summary>Puts in place what the example expects to be there: what it answers, or an empty profile around it.</summary>
    private static async Task PrepareAsync(Simulation simulation, JsonObject file, string example)
    {
        var answer = (file["responses"]!["200"] ?? file["responses"]!["201"])!["body"]!.AsObject();
        if (example.StartsWith("HeatMap", StringComparison.Ordinal))
        {
            var profile = AnEmptyProfile("watched", "Weighted");
            profile["properties"]!["trafficViewEnrollmentStatus"] = "Enabled";
            profile["properties"]!["endpoints"] = new JsonArray([.. "ab".Select(name => new JsonObject
            {
                ["name"] = name.ToString(),
                ["type"] = "Microsoft.Network/trafficManagerProfiles/externalEndpoints",
                ["properties"] = new JsonObject { ["target"] = name + ".example.org", ["endpointLocation"] = "West Europe" },
            })]);
            await PutAsync((string)file["parameters"]!["profileName"]!, profile);
            for (var i = 0; i < 20; i++)
            {
                await simulation.Dns.AskAsync("watched.trafficmanager.net");
                await simulation.Dns.AskAsync("watched.trafficmanager.net", client: new DnsClientSubnet(IPAddress.Parse("203.0.113.0"), 24));
            }
        }
        else if (example.StartsWith("TrafficManagerUserMetricsKeys-GET", StringComparison.Ordinal))
        {
            Assert.Equal(201, (int)(await simulation.SendAsync("PUT", Fill(UserMetricsKeyPath, file))).Status);
        }
        else if (example.StartsWith("NameAvailabilityV2", StringComparison.Ordinal))
        {
            await PutAsync("p", AnEmptyProfile((string)file["parameters"]!["parameters"]!["name"]!), "rg");
        }
        else if (example.StartsWith("Endpoint", StringComparison.Ordinal))
        {
            var name = (string)file["parameters"]!["profileName"]!;
            var profile = AnEmptyProfile(name, example.Contains("Geo", StringComparison.Ordinal) ? "Geographic" : "Performance");
            if (example.Contains("GET", StringComparison.Ordinal))
            {
                profile["properties"]!["endpoints"] = new JsonArray(answer.DeepClone());
            }

            await PutAsync(name, profile);
        }
        else if (example.StartsWith("Profile-PATCH", StringComparison.Ordinal) || example.StartsWith("Profile-GET-With", StringComparison.Ordinal))
        {
            await PutAsync((string)answer["name"]!, answer);
        }
        else if (example.StartsWith("Profile-GET-By", StringComparison.Ordinal))
        {
            foreach (var profile in answer["value"]!.AsArray())
            {
                await PutAsync((string)profile!["name"]!, profile.AsObject());
            }
        }
        else if (example.StartsWith("Profile-DELETE", StringComparison.Ordinal))
        {
            await PutAsync((string)file["parameters"]!["profileName"]!, AnEmptyProfile("gone"));
        }

        async Task PutAsync(string name, JsonObject body, string? group = null)
        {
            var path = Fill(NetworkPath, file).Split('?')[0];
            path = group is null ? path : path.Replace("resourceGroups//", $"resourceGroups/{group}/", StringComparison.Ordinal);
            var (status, error, _) = await simulation.SendAsync("PUT", path + "trafficManagerProfiles/" + name, body);
            Assert.True((int)status == 201, $"{status}: {error}");
        }
    }

    private static JsonObject AnEmptyProfile(string relativeName, string routing = "Performance") => new()
    {
        ["location"] = "global",
        ["properties"] = new JsonObject
        {
            ["trafficRoutingMethod"] = routing,
            ["dnsConfig"] = new JsonObject { ["relativeName"] = relativeName },
            ["monitorConfig"] = new JsonObject { ["protocol"] = "HTTP", ["path"] = "/" },
        },
    };
}
