using System.Net;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.Dns;

namespace DrFunctions.Simulator.Tests.TrafficManager;

public class TrafficViewTests
{
    private const string HeatMap = Simulation.ProfilePath + "/heatMaps/default";

    [Fact]
    public async Task HeatMap_Enrolled_CountsQueriesByClientAndEndpoint()
    {
        await using var simulation = await StartAsync();
        await EnrollAsync(simulation);
        await AskAsync(simulation, "203.0.113.0", times: 3);
        await AskAsync(simulation, "198.51.100.0", times: 1);

        var (status, body, _) = await simulation.SendAsync("GET", HeatMap);

        Assert.Equal(HttpStatusCode.OK, status);
        var properties = body!["properties"]!;
        Assert.Equal(Simulation.ProfilePath + "/azureEndpoints/westeurope", (string?)Assert.Single(properties["endpoints"]!.AsArray())!["resourceId"], ignoreCase: true);
        var flows = properties["trafficFlows"]!.AsArray().OrderBy(flow => (string?)flow!["sourceIp"]).ToList();
        Assert.Equal(["198.51.100.0", "203.0.113.0"], flows.Select(flow => (string?)flow!["sourceIp"]));
        Assert.Equal(3, (int)flows[1]!["queryExperiences"]![0]!["queryCount"]!);
        Assert.InRange((double)flows[1]!["queryExperiences"]![0]!["latency"]!, 2, 20);
        Assert.Equal((52.0, 13.0), ((double)flows[1]!["latitude"]!, (double)flows[1]!["longitude"]!));
        Assert.False(flows[0]!.AsObject().ContainsKey("latitude"));
    }

    [Theory]
    [InlineData("topLeft=60,0&botRight=40,20", 1)]
    [InlineData("topLeft=50,0&botRight=40,20", 0)]
    [InlineData("topLeft=60,14", 0)]
    [InlineData("botRight=40,20", 1)]
    [InlineData("", 1)]
    public async Task HeatMap_Rectangle_CutsOut(string query, int flows)
    {
        await using var simulation = await StartAsync();
        await EnrollAsync(simulation);
        await AskAsync(simulation, "203.0.113.0", times: 1);

        var (_, body, _) = await simulation.SendAsync("GET", $"{HeatMap}?api-version=2022-04-01&{query}");

        Assert.Equal(flows, body!["properties"]!["trafficFlows"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("topLeft=60")]
    [InlineData("topLeft=60,x")]
    [InlineData("botRight=91,0")]
    public async Task HeatMap_CornerWrong_IsRefused(string query)
    {
        await using var simulation = await StartAsync();

        var (status, error, _) = await simulation.SendAsync("GET", $"{HeatMap}?api-version=2022-04-01&{query}");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("expected a latitude and a longitude in degrees", (string?)error!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task HeatMap_NotEnrolledOrReset_IsEmpty()
    {
        await using var simulation = await StartAsync();
        await AskAsync(simulation, "203.0.113.0", times: 1);
        Assert.Empty((await simulation.SendAsync("GET", HeatMap)).Body!["properties"]!["trafficFlows"]!.AsArray());
        await EnrollAsync(simulation);
        await AskAsync(simulation, "203.0.113.0", times: 1);
        Assert.Single((await simulation.SendAsync("GET", HeatMap)).Body!["properties"]!["trafficFlows"]!.AsArray());

        await simulation.Simulator.ResetAsync();

        Assert.Empty((await simulation.SendAsync("GET", HeatMap)).Body!["properties"]!["trafficFlows"]!.AsArray());
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("GET", Simulation.ProfilePath + "absent/heatMaps/default")).Status);
    }

    [Fact]
    public async Task UserMetricsKey_PutGetDelete_IsMadeAnewEachTime()
    {
        const string path = "/subscriptions/" + Scenarios.Subscription + "/providers/Microsoft.Network/trafficManagerUserMetricsKeys/default";
        await using var simulation = await StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("GET", path)).Status);

        var first = await simulation.SendAsync("PUT", path);
        var second = await simulation.SendAsync("PUT", path);
        var read = await simulation.SendAsync("GET", path);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.OK), (first.Status, second.Status, read.Status));
        Assert.Matches("^[0-9a-f]{32}$", Key(first.Body!));
        Assert.NotEqual(Key(first.Body!), Key(second.Body!));
        Assert.Equal(Key(second.Body!), Key(read.Body!));
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("DELETE", path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("GET", path)).Status);

        static string Key(JsonObject body) => (string)body["properties"]!["key"]!;
    }

    private static Task<Simulation> StartAsync() => Simulation.StartAsync(
        Scenarios.Shop() with { ClientNetworks = [new() { Subnet = "203.0.113.0/24", Location = "DE" }] });

    private static async Task EnrollAsync(Simulation simulation)
    {
        var (status, _, _) = await simulation.SendAsync("PATCH", Simulation.ProfilePath, new { properties = new { trafficViewEnrollmentStatus = "Enabled" } });
        Assert.Equal(HttpStatusCode.OK, status);
    }

    private static async Task AskAsync(Simulation simulation, string network, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await simulation.Dns.AskAsync("shop.trafficmanager.net", client: new DnsClientSubnet(IPAddress.Parse(network), 24));
        }
    }
}
