using System.Net;
using System.Net.Sockets;
using DrFunctions.Simulator.Dns;
using DrFunctions.Simulator.Tests.Dns;

namespace DrFunctions.Simulator.Tests;

public class AzureSimulatorTests
{
    [Fact]
    public async Task Failover_PrimaryRegionDark_IsServedByTheSecondaryAfterOneWrite()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.UntilAsync("westeurope", endpoint => endpoint.MonitorStatus == "Online");
        Assert.Equal(["127.0.0.11"], DnsClient.Addresses(await simulation.Dns.AskAsync("shop.trafficmanager.net")));

        await simulation.Simulator.SetRegionDarkAsync("westeurope", true);
        for (var failures = 1; failures <= 3; failures++)
        {
            var probed = await simulation.ProbeAgainAsync("westeurope");
            Assert.Equal(failures, probed.ConsecutiveFailures);
            Assert.Equal(failures <= 2 ? "Online" : "Degraded", probed.MonitorStatus);
        }

        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("POST", Simulation.SitesPath + "/shop-northeurope/start")).Status);
        await simulation.UntilAsync("northeurope", endpoint => endpoint.MonitorStatus == "Online");
        var profile = (await simulation.SendAsync("GET", Simulation.ProfilePath)).Body!;
        foreach (var endpoint in profile["properties"]!["endpoints"]!.AsArray())
        {
            endpoint!["properties"]!["priority"] = 3 - (int)endpoint["properties"]!["priority"]!;
        }

        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("PUT", Simulation.ProfilePath, profile)).Status);
        var answer = await simulation.Dns.AskAsync("shop.trafficmanager.net");
        var alias = Assert.IsType<DnsRecord.CName>(answer.Answers[0]);
        Assert.Equal("shop-northeurope.azurewebsites.net", alias.Target.ToString());
        Assert.Equal(7u, alias.Ttl);
        var address = Assert.Single(DnsClient.Addresses(answer));
        using var response = await simulation.GetWebAsync(address, "shop.trafficmanager.net");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("northeurope", Assert.Single(response.Headers.GetValues("x-served-by")));
    }

    [Fact]
    public async Task StartAsync_PortInUse_NamesPortAndPurpose()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        var options = new SimulatorOptions { Scenario = Scenarios.Shop() };

        await Refuses(options with { ResourceManagerPort = port }, "The Resource Manager endpoint", $"127.0.0.1:{port}");
        await Refuses(options with { ControlPort = port }, "The control API", $"127.0.0.1:{port}");
        await Refuses(options with { DnsPort = port }, "The DNS responder", $"127.0.0.1:{port}");
        var regions = Scenarios.Shop().Regions;
        var atOne = Scenarios.Shop() with { Regions = [regions[0], regions[1] with { Address = "127.0.0.1" }] };
        await Refuses(options with { Scenario = atOne, WebPort = port }, "The web endpoints of region 'northeurope'", $"127.0.0.1:{port}");

        static async Task Refuses(SimulatorOptions options, string purpose, string at)
        {
            var exception = await Assert.ThrowsAsync<SimulatorStartException>(() => AzureSimulator.StartAsync(options));
            Assert.Equal(
                $"{purpose} cannot listen on {at}: the port is in use. Stop the process that has it or choose another port (0 takes a free one).",
                exception.Message);
        }
    }

    [Fact]
    public async Task StartAsync_ScenarioNotValid_ThrowsEveryMistake()
    {
        var scenario = Scenarios.Shop() with { SubscriptionId = "", ClientLocation = "MOON" };

        var exception = await Assert.ThrowsAsync<ScenarioException>(() => AzureSimulator.StartAsync(new() { Scenario = scenario }));

        Assert.Equal(2, exception.Mistakes.Count);
    }

    [Fact]
    public async Task DisposeAsync_AllPortsGiven_FreesThemForTheNextStart()
    {
        var options = new SimulatorOptions { Scenario = Scenarios.Shop() };
        await using (var first = await AzureSimulator.StartAsync(options))
        {
            options = options with
            {
                ResourceManagerPort = first.ResourceManager.Port,
                ControlPort = first.Control.Port,
                DnsPort = first.Dns.Port,
                WebPort = first.WebPort,
            };
        }

        await using var second = await AzureSimulator.StartAsync(options);

        Assert.Equal(options.ResourceManagerPort, second.ResourceManager.Port);
        Assert.Equal(options.ControlPort, second.Control.Port);
        Assert.Equal(options.DnsPort, second.Dns.Port);
        Assert.Equal(options.WebPort, second.WebPort);
    }

    [Fact]
    public async Task DisposeAsync_Twice_IsHarmless()
    {
        var simulator = await AzureSimulator.StartAsync(new() { Scenario = Scenarios.Shop() });

        await simulator.DisposeAsync();
        await simulator.DisposeAsync();

        using var http = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri(simulator.Control, "state")));
    }
}
