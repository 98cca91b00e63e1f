using System.Net;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.Dns;
using DrFunctions.Simulator.Tests.Dns;

namespace DrFunctions.Simulator.Tests.TrafficManager;

public class NestedProfileTests
{
    private const string Group = "/subscriptions/" + Scenarios.Subscription + "/resourceGroups/shop/providers/Microsoft.Network/trafficManagerProfiles";

    [Fact]
    public async Task Query_Parent_IsOneAliasToTheChildsEndpoint()
    {
        await using var simulation = await Simulation.StartAsync(Nested());

        var answer = await simulation.Dns.AskAsync("parent.trafficmanager.net");

        var alias = Assert.Single(answer.Answers.OfType<DnsRecord.CName>());
        Assert.Equal(("parent.trafficmanager.net", "shop-westeurope.azurewebsites.net", 11u), (alias.Name.ToString(), alias.Target.ToString(), alias.Ttl));
        Assert.Equal(["127.0.0.11"], DnsClient.Addresses(answer));
    }

    [Fact]
    public async Task Get_NestedEndpoint_ShowsItsChildAndItsNumbers()
    {
        await using var simulation = await Simulation.StartAsync(Nested());

        var (_, body, _) = await simulation.SendAsync("GET", Group + "/parent/nestedEndpoints/child");

        Assert.Equal("Microsoft.Network/trafficManagerProfiles/nestedEndpoints", (string?)body!["type"]);
        var properties = body["properties"]!;
        Assert.Equal("shop.trafficmanager.net", (string?)properties["target"]);
        Assert.Equal(Simulation.ProfilePath, (string?)properties["targetResourceId"], ignoreCase: true);
        Assert.Equal(1, (int)properties["minChildEndpoints"]!);
        Assert.False(properties.AsObject().ContainsKey("minChildEndpointsIPv4"));
    }

    [Fact]
    public async Task State_NestedEndpoint_TellsOfItsChild()
    {
        await using var simulation = await Simulation.StartAsync(Nested().BothRunning());
        await simulation.UntilAsync("westeurope", endpoint => endpoint.MonitorStatus == "Online");
        await simulation.UntilAsync("northeurope", endpoint => endpoint.MonitorStatus == "Online");

        var state = await simulation.EndpointAsync("child");

        Assert.Equal(("Nested", "Online", 0), (state.Type, state.MonitorStatus, state.Probes));
        Assert.Equal(new("shop", "shop", 2, 0, 1), state.Child);
    }

    [Theory]
    [InlineData("profileStatus", "Disabled", "Stopped", "Disabled")]
    [InlineData("endpoints", "none", "Stopped", "Inactive")]
    [InlineData("trafficRoutingMethod", "Weighted", "CheckingEndpoint", "CheckingEndpoints")]
    public async Task Child_DisabledOrInactive_StopsItsEndpoint(string member, string value, string expected, string childs)
    {
        await using var simulation = await Simulation.StartAsync(Nested(unprobed: true));

        await simulation.SendAsync("PATCH", Simulation.ProfilePath, new JsonObject
        {
            ["properties"] = new JsonObject { [member] = value == "none" ? new JsonArray() : value },
        });

        var profiles = (await simulation.Control.GetStateAsync()).Profiles;
        Assert.Equal(childs, profiles.Single(profile => profile.Name == "shop").MonitorStatus);
        Assert.Equal(expected, profiles.Single(profile => profile.Name == "parent").Endpoints[0].MonitorStatus);
        var answer = await simulation.Dns.AskAsync("parent.trafficmanager.net");
        Assert.Equal(expected == "Stopped" ? "www.example.org" : "127.0.0.1", answer.Answers[0] is DnsRecord.CName alias ? alias.Target.ToString() : "127.0.0.1");
    }

    [Fact]
    public async Task Child_TooFewOnline_DegradesItsEndpointAndTheParentMovesOn()
    {
        await using var simulation = await Simulation.StartAsync(
            Nested(least: 2).BothRunning().With(profile => profile with { Monitor = profile.Monitor with { ToleratedNumberOfFailures = 0 } }));
        await simulation.UntilAsync("westeurope", endpoint => endpoint.MonitorStatus == "Online");
        await simulation.UntilAsync("northeurope", endpoint => endpoint.MonitorStatus == "Online");
        Assert.Equal("Online", (await simulation.EndpointAsync("child")).MonitorStatus);

        await simulation.Simulator.SetRegionDarkAsync("northeurope", true);
        await simulation.ProbeAgainAsync("northeurope");

        Assert.Equal("Degraded", (await simulation.EndpointAsync("child")).MonitorStatus);
        Assert.Equal("www.example.org", Alias(await simulation.Dns.AskAsync("parent.trafficmanager.net")));
        Assert.Equal("shop-westeurope.azurewebsites.net", Alias(await simulation.Dns.AskAsync("shop.trafficmanager.net")));
    }

    [Fact]
    public async Task Child_Deleted_StopsItsEndpointAndOneOfItsNameRevivesIt()
    {
        await using var simulation = await Simulation.StartAsync(Nested(unprobed: true));
        var child = (await simulation.SendAsync("GET", Simulation.ProfilePath)).Body!;

        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("DELETE", Simulation.ProfilePath)).Status);

        var state = await simulation.EndpointAsync("child");
        Assert.Equal(("Stopped", "shop.trafficmanager.net"), (state.MonitorStatus, state.Target));
        Assert.Null(state.Child!.Name);
        Assert.Equal("www.example.org", Alias(await simulation.Dns.AskAsync("parent.trafficmanager.net")));

        child["properties"]!["dnsConfig"]!["relativeName"] = "other";
        await simulation.SendAsync("PUT", Simulation.ProfilePath, child);

        state = await simulation.EndpointAsync("child");
        Assert.Equal(("CheckingEndpoint", "other.trafficmanager.net"), (state.MonitorStatus, state.Target));
    }

    [Fact]
    public async Task Put_LoopOfProfiles_IsRefusedAndChangesNothing()
    {
        await using var simulation = await Simulation.StartAsync(Nested());

        var (status, error, _) = await simulation.SendAsync("PUT", Simulation.ProfilePath + "/nestedEndpoints/up", ANested("parent"));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("BadRequest", (string?)error!["code"]);
        Assert.Equal(
            "The profile 'shop' cannot be nested so: it would lead to itself, and loops of nested profiles are not permitted.", (string?)error["message"]);
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("GET", Simulation.ProfilePath + "/nestedEndpoints/up")).Status);
    }

    [Fact]
    public async Task Put_EleventhLevel_IsRefusedFromAboveAndFromBelow()
    {
        await using var simulation = await Simulation.StartAsync(Scenarios.Shop() with { TrafficManagerProfiles = [] });
        for (var level = 1; level <= 10; level++)
        {
            Assert.Equal(HttpStatusCode.Created, (await PutAsync(simulation, $"p{level}", level == 1 ? null : $"p{level - 1}")).Status);
        }

        var above = await PutAsync(simulation, "p11", "p10");
        await PutAsync(simulation, "p0", null);
        var below = await simulation.SendAsync("PUT", Group + "/p1/nestedEndpoints/n", ANested("p0"));

        foreach (var refused in new[] { above, below })
        {
            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
            Assert.Contains("profiles can be nested up to 10 levels deep, and there would be more", (string?)refused.Body!["message"], StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.Created, (await simulation.SendAsync("PUT", Group + "/p2/nestedEndpoints/n", ANested("p0"))).Status);
        Assert.Equal("www.example.org", Alias(await simulation.Dns.AskAsync("p10.trafficmanager.net")));
    }

    [Theory]
    [InlineData("targetResourceId", "\"/x\"", "expected the id of a Microsoft.Network/trafficManagerProfiles resource")]
    [InlineData("targetResourceId", "\"" + Group + "/absent\"", "targetResourceId of the nested endpoint 'n' is invalid: the profile does not exist")]
    [InlineData("minChildEndpoints", "0", "The value 0 of 'properties.minChildEndpoints' is invalid: expected a whole number from 1 to 200.")]
    [InlineData("minChildEndpointsIPv4", "2", "The value 1 of 'properties.minChildEndpoints' is invalid: expected no less than minChildEndpointsIPv4 and minChildEndpointsIPv6.")]
    [InlineData("minChildEndpointsIPv6", "-1", "The value -1 of 'properties.minChildEndpointsIPv6' is invalid: expected a whole number from 0 to 200.")]
    public async Task Put_NestedEndpointWrong_IsRefused(string member, string value, string expected)
    {
        await using var simulation = await Simulation.StartAsync(Nested());
        var body = ANested("shop");
        body["properties"]![member] = JsonNode.Parse(value);

        var (status, error, _) = await simulation.SendAsync("PUT", Group + "/parent/nestedEndpoints/n", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(expected, (string?)error!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_NestedInMultiValue_IsRefused()
    {
        await using var simulation = await Simulation.StartAsync(Nested());

        var (status, error, _) = await simulation.SendAsync(
            "PATCH", Group + "/parent", new { properties = new { trafficRoutingMethod = "MultiValue" } });

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("the endpoint 'child' is not", (string?)error!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_MultiValueChild_ShowsItsAddressesUnderTheParentsName()
    {
        await using var simulation = await Simulation.StartAsync(Nested(unprobed: true).With(child => child with
        {
            RoutingMethod = "MultiValue",
            Endpoints =
            [
                new() { Name = "a", Target = "192.0.2.1", AlwaysServe = true },
                new() { Name = "b", Target = "192.0.2.2", AlwaysServe = true },
                new() { Name = "c", Target = "2001:db8::1", AlwaysServe = true },
            ],
        }));

        var four = await simulation.Dns.AskAsync("parent.trafficmanager.net");
        var six = await simulation.Dns.AskAsync("parent.trafficmanager.net", DnsType.Aaaa);
        var alias = await simulation.Dns.AskAsync("parent.trafficmanager.net", DnsType.CName);

        Assert.Equal(["192.0.2.1", "192.0.2.2"], DnsClient.Addresses(four).Order());
        Assert.Equal("2001:db8::1", Assert.IsType<DnsRecord.Aaaa>(Assert.Single(six.Answers)).Address.ToString());
        Assert.Equal((DnsCode.NoError, 0), (alias.Code, alias.Answers.Count));
        Assert.IsType<DnsRecord.Soa>(Assert.Single(alias.Authorities));
    }

    private static Scenario Nested(int? least = null, bool unprobed = false)
    {
        var shop = Scenarios.Shop();
        var child = shop.TrafficManagerProfiles[0];
        return shop with
        {
            TrafficManagerProfiles =
            [
                unprobed ? child with { Monitor = child.Monitor with { ToleratedNumberOfFailures = 9 }, Endpoints = [new() { Name = "out", Target = "127.0.0.1" }] } : child,
                new()
                {
                    Name = "parent",
                    ResourceGroup = "shop",
                    TtlInSeconds = 11,
                    Endpoints =
                    [
                        new() { Name = "child", Profile = "shop", MinChildEndpoints = least, Priority = 1 },
                        new() { Name = "last", Target = "www.example.org", Priority = 2, AlwaysServe = true },
                    ],
                },
            ],
        };
    }

    private static Task<(HttpStatusCode Status, JsonObject? Body, HttpResponseMessage Response)> PutAsync(Simulation simulation, string name, string? child)
    {
        var endpoint = child is null
            ? new JsonObject { ["name"] = "e", ["type"] = "Microsoft.Network/trafficManagerProfiles/externalEndpoints", ["properties"] = new JsonObject { ["target"] = "www.example.org", ["alwaysServe"] = "Enabled" } }
            : ANested(child);
        return simulation.SendAsync("PUT", $"{Group}/{name}", new
        {
            location = "global",
            properties = new
            {
                trafficRoutingMethod = "Priority",
                dnsConfig = new { relativeName = name },
                monitorConfig = new { protocol = "HTTP", port = 80, path = "/" },
                endpoints = new[] { endpoint },
            },
        });
    }

    private static JsonObject ANested(string child) => new()
    {
        ["name"] = "nested",
        ["type"] = "Microsoft.Network/trafficManagerProfiles/nestedEndpoints",
        ["properties"] = new JsonObject { ["targetResourceId"] = $"{Group}/{child}" },
    };

    private static string? Alias(DnsMessage answer) => answer.Answers.OfType<DnsRecord.CName>().FirstOrDefault()?.Target.ToString();
}
