using System.Net;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.Dns;
using DrFunctions.Simulator.Tests.Dns;

namespace DrFunctions.Simulator.Tests.TrafficManager;

public class ProfileApiTests
{
    private const string Group = "/subscriptions/" + Scenarios.Subscription + "/resourceGroups/shop/providers/Microsoft.Network/trafficManagerProfiles";
    private const string External = "Microsoft.Network/trafficManagerProfiles/externalEndpoints";

    [Fact]
    public async Task Get_ScenarioProfile_ShowsAzureEndpointsWithTheirTargets()
    {
        await using var simulation = await Simulation.StartAsync();

        var (status, body, _) = await simulation.SendAsync("GET", Simulation.ProfilePath);

        Assert.Equal(HttpStatusCode.OK, status);
        var endpoint = body!["properties"]!["endpoints"]![1]!;
        Assert.Equal(Group + "/shop/azureEndpoints/northeurope", (string?)endpoint["id"]);
        Assert.Equal("shop-northeurope.azurewebsites.net", (string?)endpoint["properties"]!["target"]);
        Assert.Equal(Simulation.SitesPath + "/shop-northeurope", (string?)endpoint["properties"]!["targetResourceId"]);
        Assert.Equal("Stopped", (string?)endpoint["properties"]!["endpointMonitorStatus"]);
        Assert.Equal(2, (int)endpoint["properties"]!["priority"]!);
    }

    [Fact]
    public async Task Answer_OnTheWire_EscapesSlashesAndListHasNoMonitorStatus()
    {
        await using var simulation = await Simulation.StartAsync();

        var text = await simulation.Arm.GetStringAsync(Group + "?api-version=2022-04-01");

        Assert.Contains("\"\\/subscriptions\\/", text, StringComparison.Ordinal);
        var profile = Assert.Single(JsonNode.Parse(text)!["value"]!.AsArray())!;
        Assert.True(profile["properties"]!["monitorConfig"]!.AsObject().ContainsKey("profileMonitorStatus"));
        Assert.Null(profile["properties"]!["monitorConfig"]!["profileMonitorStatus"]);
    }

    [Theory]
    [InlineData("properties.monitorConfig.timeoutInSeconds", "10", "Monitor timeout must be between 5 and 10 seconds.")]
    [InlineData("properties.monitorConfig.timeoutInSeconds", "4", "Monitor timeout must be between 5 and 10 seconds.")]
    [InlineData("properties.monitorConfig.intervalInSeconds", "11", "The value 11 of 'properties.monitorConfig.intervalInSeconds' is invalid: expected 10 or 30.")]
    [InlineData("properties.monitorConfig.toleratedNumberOfFailures", "10", "The value 10 of 'properties.monitorConfig.toleratedNumberOfFailures' is invalid: expected a whole number from 0 to 9.")]
    [InlineData("properties.monitorConfig.path", "\"health\"", "HTTP monitoring needs a path that starts with '/'")]
    [InlineData("properties.monitorConfig.protocol", "\"TCP\"", "TCP monitoring takes no path")]
    [InlineData("properties.monitorConfig.protocol", "\"FTP\"", "expected one of HTTP, HTTPS, TCP")]
    [InlineData("properties.monitorConfig.port", "70000", "expected a whole number from 1 to 65535")]
    [InlineData("properties.monitorConfig.customHeaders", "[1]", "The value of 'properties.monitorConfig.customHeaders[0]' is invalid: expected an object.")]
    [InlineData("properties.monitorConfig.customHeaders", "[{\"name\":\"a b\",\"value\":\"x\"}]", "'a b' is no header name")]
    [InlineData("properties.monitorConfig.customHeaders", "[{\"name\":\"a\",\"value\":\"x\\ny\"}]", "its value has control characters")]
    [InlineData("properties.dnsConfig.ttl", "-1", "expected a whole number from 0 to 2147483647")]
    [InlineData("properties.dnsConfig.relativeName", "\"a b\"", "The value 'a b' of 'properties.dnsConfig.relativeName' is invalid")]
    [InlineData("properties.dnsConfig.relativeName", "null", "The required member 'properties.dnsConfig.relativeName' is missing.")]
    [InlineData("properties.trafficRoutingMethod", "\"Magic\"", "expected one of Performance, Priority, Weighted, Geographic, MultiValue, Subnet")]
    [InlineData("properties.profileStatus", "\"On\"", "The value \"On\" of 'properties.profileStatus' is invalid: expected Enabled or Disabled.")]
    [InlineData("location", "\"westeurope\"", "The value 'westeurope' of 'location' is invalid: expected global.")]
    [InlineData("properties.endpoints", "{}", "The value {} of 'properties.endpoints' is invalid: expected an array.")]
    [InlineData("properties.endpoints.0.name", "\" \"", "Endpoint names cannot be empty or all whitespace")]
    [InlineData("properties.endpoints.0.type", "null", "The type '<null>' specified for endpoint 'westeurope' is invalid. Valid endpoint types are: ")]
    [InlineData("properties.endpoints.0.type", "\"Microsoft.Network/trafficManagerProfiles/otherEndpoints\"", "Valid endpoint types are: Microsoft.Network/trafficManagerProfiles/azureEndpoints, Microsoft.Network/trafficManagerProfiles/externalEndpoints, Microsoft.Network/trafficManagerProfiles/nestedEndpoints.")]
    [InlineData("properties.endpoints.0.name", "\"NORTHEUROPE\"", "There are duplicates in the list of endpoints.")]
    [InlineData("properties.endpoints.0.properties.priority", "2", "No two endpoints can share the same priority: 'westeurope' and 'northeurope' both have 2.")]
    [InlineData("properties.endpoints.0.properties.priority", "null", "it must be specified on all endpoints")]
    [InlineData("properties.endpoints.0.properties.priority", "1001", "expected a whole number from 1 to 1000")]
    [InlineData("properties.endpoints.0.properties.weight", "0", "The value 0 of 'properties.endpoints[0].properties.weight' is invalid: expected a whole number from 1 to 1000.")]
    [InlineData("properties.endpoints.0.properties.targetResourceId", "\"/x\"", "expected the id of a Microsoft.Web/sites resource that exists")]
    [InlineData("properties.endpoints.0.properties.geoMapping", "[\"MOON\"]", "expected codes such as WORLD, GEO-EU, DE or US-CA")]
    [InlineData("properties.endpoints.0.properties.subnets", "[{\"first\":\"1.2.3.4\",\"scope\":24}]", "'1.2.3.4' is not where a network with a prefix of 24 bits starts")]
    [InlineData("properties.endpoints.0.properties.endpointLocation", "\"global\"", "expected an Azure region")]
    [InlineData("properties.monitorConfig.customHeaders", "[{\"name\":\"host\",\"value\":\"*.example.org\"}]", "the host '*.example.org' has an asterisk")]
    [InlineData("properties.trafficRoutingMethod", "\"Geographic\"", "the endpoint 'westeurope' has none")]
    [InlineData("properties.trafficRoutingMethod", "\"MultiValue\"", "the endpoint 'westeurope' is not")]
    [InlineData("properties.maxReturn", "11", "expected a whole number from 1 to 10")]
    [InlineData("properties.allowedEndpointRecordTypes", "\"IPv4Address\"", "the profile allows targets of type IPv4Address only")]
    public async Task Put_OneMemberWrong_IsRefusedFlatAndChangesNothing(string path, string value, string expected)
    {
        await using var simulation = await Simulation.StartAsync();
        var before = (await simulation.SendAsync("GET", Simulation.ProfilePath)).Body!;
        var body = before.DeepClone().AsObject();
        var steps = path.Split('.');
        var owner = steps[..^1].Aggregate((JsonNode)body, (at, step) => int.TryParse(step, out var index) ? at[index]! : at[step]!);
        owner[steps[^1]] = JsonNode.Parse(value);

        var (status, error, response) = await simulation.SendAsync("PUT", Simulation.ProfilePath, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("BadRequest", (string?)error!["code"]);
        Assert.Contains(expected, (string?)error["message"], StringComparison.Ordinal);
        Assert.Equal("service", Assert.Single(response.Headers.GetValues("x-ms-failure-cause")));
        var after = (await simulation.SendAsync("GET", Simulation.ProfilePath)).Body!;
        Assert.Equal(2, after["properties"]!["endpoints"]!.AsArray().Count);
        Assert.Equal(7, (int)after["properties"]!["dnsConfig"]!["ttl"]!);
    }

    [Fact]
    public async Task Put_RelativeNameOfAnother_IsConflict()
    {
        await using var simulation = await Simulation.StartAsync();
        var body = (await simulation.SendAsync("GET", Simulation.ProfilePath)).Body!;

        var (status, error, _) = await simulation.SendAsync("PUT", Group + "/second", body);

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Equal("Domain name shop.trafficmanager.net already exists. Please choose a different DNS prefix.", (string?)error!["message"]);
    }

    [Fact]
    public async Task Put_PrioritiesNowhere_AreGivenInOrder()
    {
        await using var simulation = await Simulation.StartAsync();

        var (status, body, _) = await simulation.SendAsync("PUT", Group + "/second", AProfile("second", AnExternal("a"), AnExternal("b")));

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal([1, 2], body!["properties"]!["endpoints"]!.AsArray().Select(endpoint => (int)endpoint!["properties"]!["priority"]!));
    }

    [Fact]
    public async Task Patch_PartOfAProfile_KeepsTheRestAndReplacesArrays()
    {
        await using var simulation = await Simulation.StartAsync();

        var (status, body, _) = await simulation.SendAsync("PATCH", Simulation.ProfilePath, new
        {
            tags = new { owner = "me" },
            properties = new { DNSCONFIG = new { ttl = 3 }, endpoints = new[] { AnExternal("only") } },
        });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("me", (string?)body!["tags"]!["owner"]);
        Assert.Equal(3, (int)body["properties"]!["dnsConfig"]!["ttl"]!);
        Assert.Equal("shop", (string?)body["properties"]!["dnsConfig"]!["relativeName"]);
        Assert.Equal(10, (int)body["properties"]!["monitorConfig"]!["intervalInSeconds"]!);
        Assert.Equal("only", (string?)Assert.Single(body["properties"]!["endpoints"]!.AsArray())!["name"]);
    }

    [Fact]
    public async Task Endpoint_PutPatchGetDelete_ChangesThatEndpointOnly()
    {
        await using var simulation = await Simulation.StartAsync();
        var path = Simulation.ProfilePath + "/EXTERNALendpoints/third";

        var (created, body, _) = await simulation.SendAsync("PUT", path, new { properties = new { target = "third.example.org" } });
        Assert.Equal(HttpStatusCode.Created, created);
        Assert.Equal(3, (int)body!["properties"]!["priority"]!);
        Assert.Equal(Group + "/shop/externalEndpoints/third", (string?)body["id"]);

        var (patched, after, _) = await simulation.SendAsync("PATCH", path, new { properties = new { endpointStatus = "Disabled" } });
        Assert.Equal(HttpStatusCode.OK, patched);
        Assert.Equal(("Disabled", "Disabled", "third.example.org", 3), (
            (string?)after!["properties"]!["endpointStatus"], (string?)after["properties"]!["endpointMonitorStatus"],
            (string?)after["properties"]!["target"], (int)after["properties"]!["priority"]!));

        var (collides, error, _) = await simulation.SendAsync("PATCH", path, new { properties = new { priority = 1 } });
        Assert.Equal(HttpStatusCode.BadRequest, collides);
        Assert.Equal("No two endpoints can share the same priority: 'westeurope' and 'third' both have 1.", (string?)error!["message"]);

        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("GET", path)).Status);
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("DELETE", path)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await simulation.SendAsync("DELETE", path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("GET", path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("PATCH", path, new { properties = new { weight = 2 } })).Status);
        Assert.Equal(2, (await simulation.Control.GetStateAsync()).Profiles[0].Endpoints.Count);
    }

    [Fact]
    public async Task Delete_Profile_FreesItsName()
    {
        await using var simulation = await Simulation.StartAsync();
        Assert.False(await IsAvailableAsync());

        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("DELETE", Simulation.ProfilePath)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await simulation.SendAsync("DELETE", Simulation.ProfilePath)).Status);

        Assert.True(await IsAvailableAsync());
        Assert.Equal(DnsCode.NameError, (await simulation.Dns.AskAsync("shop.trafficmanager.net")).Code);

        async Task<bool> IsAvailableAsync() => (bool)(await simulation.SendAsync(
            "POST", "/providers/Microsoft.Network/checkTrafficManagerNameAvailability", new { name = "SHOP", type = "x" })).Body!["nameAvailable"]!;
    }

    [Fact]
    public async Task Disabled_Profile_IsNoNameAndItsEndpointsAreInactive()
    {
        await using var simulation = await Simulation.StartAsync();

        await simulation.SendAsync("PATCH", Simulation.ProfilePath, new { properties = new { profileStatus = "Disabled" } });

        Assert.Equal(DnsCode.NameError, (await simulation.Dns.AskAsync("shop.trafficmanager.net")).Code);
        var profile = Assert.Single((await simulation.Control.GetStateAsync()).Profiles);
        Assert.Equal("Disabled", profile.MonitorStatus);
        Assert.Equal(["Inactive", "Inactive"], profile.Endpoints.Select(endpoint => endpoint.MonitorStatus));
    }

    [Theory]
    [InlineData("203.0.113.0", 24, "127.0.0.12", 24)]
    [InlineData("203.0.112.0", 24, "127.0.0.11", 24)]
    [InlineData("203.1.0.0", 16, "127.0.0.11", 16)]
    [InlineData("198.51.100.0", 24, "127.0.0.11", 5)]
    [InlineData("0.0.0.0", 0, "127.0.0.11", 0)]
    public async Task Geographic_ClientSubnet_DecidesTheEndpoint(string network, byte prefix, string expected, byte scope)
    {
        var scenario = (Scenarios.Shop() with
        {
            ClientLocation = "US",
            ClientNetworks = [new() { Subnet = "203.0.113.0/24", Location = "DE" }, new() { Subnet = "203.0.0.0/16", Location = "JP" }],
        }).BothRunning().With(profile => profile with
        {
            RoutingMethod = "Geographic",
            Endpoints =
            [
                new() { Name = "world", Site = "shop-westeurope", GeoMapping = ["WORLD"] },
                new() { Name = "europe", Site = "shop-northeurope", GeoMapping = ["GEO-EU"] },
            ],
        });
        await using var simulation = await Simulation.StartAsync(scenario);

        var answer = await simulation.Dns.AskAsync(
            "shop.trafficmanager.net", client: new DnsClientSubnet(IPAddress.Parse(network), prefix));

        Assert.Equal([expected], DnsClient.Addresses(answer));
        Assert.Equal(scope, answer.Edns!.ClientSubnet!.ScopePrefix);
    }

    [Theory]
    [InlineData("www.example.org", DnsCode.NoError, "CName www.example.org")]
    [InlineData("nobody.azurewebsites.net", DnsCode.NameError, "CName nobody.azurewebsites.net")]
    [InlineData("192.0.2.1", DnsCode.NoError, "A 192.0.2.1")]
    [InlineData("shop.trafficmanager.net", DnsCode.ServerFailure, null)]
    public async Task External_Target_IsAnsweredAsFarAsItIsKnown(string target, object code, string? record)
    {
        await using var simulation = await Simulation.StartAsync(
            Scenarios.Shop().With(profile => profile with { Endpoints = [new() { Name = "out", Target = target }] }));

        var answer = await simulation.Dns.AskAsync("shop.trafficmanager.net");

        Assert.Equal((DnsCode)code, answer.Code);
        Assert.Equal(record, answer.Answers switch
        {
            [DnsRecord.CName alias] => "CName " + alias.Target,
            [DnsRecord.A a] => "A " + a.Address,
            _ => null,
        });
    }

    [Fact]
    public async Task Weighted_SameSeed_IsTheSameSequenceWhateverElseIsAsked()
    {
        var first = await DrawAsync(seed: 7, disturbed: false);
        var again = await DrawAsync(seed: 7, disturbed: true);
        var other = await DrawAsync(seed: 8, disturbed: false);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.Equal(["a", "b"], first.Distinct().Order());

        static async Task<List<string>> DrawAsync(long seed, bool disturbed)
        {
            var scenario = Scenarios.Shop().With(profile => profile with
            {
                RoutingMethod = "Weighted",
                Endpoints = [new() { Name = "a", Target = "a", AlwaysServe = true, Weight = 2 }, new() { Name = "b", Target = "b", AlwaysServe = true, Weight = 3 }],
            });
            var second = scenario.TrafficManagerProfiles[0] with { Name = "second" };
            await using var simulation = await Simulation.StartAsync(
                scenario with { Seed = seed, TrafficManagerProfiles = [.. scenario.TrafficManagerProfiles, second] });
            var answers = new List<string>();
            for (var i = 0; i < 40; i++)
            {
                answers.Add(Assert.IsType<DnsRecord.CName>((await simulation.Dns.AskAsync("shop.trafficmanager.net")).Answers[0]).Target.ToString());
                if (disturbed)
                {
                    await simulation.Dns.AskAsync("second.trafficmanager.net");
                }
            }

            return answers;
        }
    }

    [Fact]
    public async Task Write_ManyAtOnce_AreOneAfterTheOther()
    {
        await using var simulation = await Simulation.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => simulation.SendAsync(
            "PUT", $"{Simulation.ProfilePath}/externalEndpoints/e{i}", new { properties = new { target = $"e{i}.example.org" } })));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.Status));
        var endpoints = Assert.Single((await simulation.Control.GetStateAsync()).Profiles).Endpoints;
        Assert.Equal(Enumerable.Range(1, 32), endpoints.Select(endpoint => endpoint.Priority).Order());
    }

    private static object AnExternal(string name) => new { name, type = External, properties = new { target = name + ".example.org" } };

    private static object AProfile(string name, params object[] endpoints) => new
    {
        location = "global",
        properties = new
        {
            trafficRoutingMethod = "Priority",
            dnsConfig = new { relativeName = name },
            monitorConfig = new { protocol = "HTTP", port = 80, path = "/" },
            endpoints,
        },
    };
}
