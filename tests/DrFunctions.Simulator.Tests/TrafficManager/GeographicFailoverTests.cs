using System.Net;
using Azure;
using Azure.Core;
using Azure.ResourceManager;
using Azure.ResourceManager.Resources;
using DrFunctions.Simulator.Control;
using DrFunctions.Simulator.Dns;
using DrFunctions.Simulator.Tests.Dns;
using DrFunctions.Simulator.Tests.ResourceManagement;

namespace DrFunctions.Simulator.Tests.TrafficManager;

/// <summary>A world of nested profiles, written by the real SDK, through the loss of its regions.</summary>
public class GeographicFailoverTests
{
    private const string Profiles = "/subscriptions/" + Scenarios.Subscription + "/resourceGroups/shop/providers/Microsoft.Network/trafficManagerProfiles/";
    private const string West = "127.0.0.11", North = "127.0.0.12", East = "127.0.0.13";
    private static readonly string[] Regions = ["westeurope", "northeurope", "eastus"];

    /// <summary>A network for each place that somebody asks from.</summary>
    private static readonly (string Place, string Network)[] Clients =
        [("DE", "198.51.100.0"), ("US-CA", "203.0.113.0"), ("BR", "192.0.2.0"), ("JP", "198.18.0.0")];

    [Fact]
    public async Task Regions_LostAndRegained_MoveTheClientsOfEachGeographyAsTheProfilesSay()
    {
        await using var simulation = await Simulation.StartAsync(World());
        var client = ArmSdkTests.Client(simulation, versionSet: true);
        await WriteAsync(client, "eu", "Priority", Site("westeurope"), Site("northeurope"));
        await WriteAsync(client, "us", "Priority", Site("eastus"), Site("northeurope"));
        await WriteAsync(client, "rest", "Priority", Site("northeurope"), Site("eastus"));
        await WriteAsync(client, "shop", "Geographic", Child("eu", "GEO-EU"), Child("us", "GEO-NA", "GEO-SA"), Child("rest", "WORLD"));
        await UntilAsync(simulation, endpoints => endpoints.All(endpoint => endpoint.MonitorStatus == "Online"));
        Assert.Equal(["DE " + West, "US-CA " + East, "BR " + East, "JP " + North], await AskAllAsync(simulation));

        // Two failures are tolerated: users stay until the third, then Europe's move and nobody else's.
        await simulation.Simulator.SetRegionDarkAsync("westeurope", true);
        await ProbeAllAsync(simulation, times: 2);
        Assert.Equal(["DE " + West, "US-CA " + East, "BR " + East, "JP " + North], await AskAllAsync(simulation));
        await ProbeAllAsync(simulation, times: 1);
        Assert.Equal(["DE " + North, "US-CA " + East, "BR " + East, "JP " + North], await AskAllAsync(simulation));
        Assert.Equal("Online", (await simulation.EndpointAsync("shop-eu")).MonitorStatus);

        // All of Europe's are degraded: they are served as if they were not, and no other geography takes Europe over.
        await simulation.Simulator.SetRegionDarkAsync("northeurope", true);
        await ProbeAllAsync(simulation, times: 3);
        Assert.Equal(["DE " + West, "US-CA " + East, "BR " + East, "JP " + East], await AskAllAsync(simulation));
        Assert.Equal("Degraded", (await simulation.EndpointAsync("shop-eu")).MonitorStatus);
        GenericResource shop = await client.GetGenericResource(new ResourceIdentifier(Profiles + "shop")).GetAsync();
        Assert.Contains("\"profileMonitorStatus\":\"Degraded\"", shop.Data.Properties.ToString(), StringComparison.Ordinal);

        // One success brings users back.
        await simulation.Simulator.SetRegionDarkAsync("westeurope", false);
        await simulation.Simulator.SetRegionDarkAsync("northeurope", false);
        await ProbeAllAsync(simulation, times: 1);
        Assert.Equal(["DE " + West, "US-CA " + East, "BR " + East, "JP " + North], await AskAllAsync(simulation));

        // A child that is disabled stops its endpoint: its geographies get an answer without data, not the rest of the world's.
        await simulation.SendAsync("PATCH", Profiles + "us", new { properties = new { profileStatus = "Disabled" } });
        Assert.Equal(["DE " + West, "US-CA ", "BR ", "JP " + North], await AskAllAsync(simulation));
        Assert.Equal(DnsCode.NameError, (await simulation.Dns.AskAsync("us.trafficmanager.net")).Code);

        // Without the endpoint they are the rest of the world.
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("DELETE", Profiles + "shop/nestedEndpoints/shop-us")).Status);
        Assert.Equal(["DE " + West, "US-CA " + North, "BR " + North, "JP " + North], await AskAllAsync(simulation));
    }

    private static Scenario World() => new()
    {
        SubscriptionId = Scenarios.Subscription,
        ResourceGroups = ["shop"],
        Regions = [.. Regions.Zip([West, North, East], (name, address) => new ScenarioRegion { Name = name, Address = address })],
        Sites = [.. Regions.Select(region => new ScenarioSite { Name = "shop-" + region, ResourceGroup = "shop", Region = region })],
        ClientNetworks = [.. Clients.Select(client => new ScenarioClientNetwork { Subnet = client.Network + "/24", Location = client.Place })],
    };

    private static Func<string, object> Site(string region) => profile => new
    {
        name = $"{profile}-{region}",
        type = "Microsoft.Network/trafficManagerProfiles/azureEndpoints",
        properties = new { targetResourceId = $"{Simulation.SitesPath}/shop-{region}" },
    };

    private static Func<string, object> Child(string child, params string[] places) => profile => new
    {
        name = $"{profile}-{child}",
        type = "Microsoft.Network/trafficManagerProfiles/nestedEndpoints",
        properties = new { targetResourceId = Profiles + child, geoMapping = places },
    };

    private static async Task WriteAsync(ArmClient client, string name, string routing, params Func<string, object>[] endpoints)
    {
        var data = new GenericResourceData(new AzureLocation("global"))
        {
            Properties = BinaryData.FromObjectAsJson(new
            {
                trafficRoutingMethod = routing,
                dnsConfig = new { relativeName = name, ttl = 10 },
                monitorConfig = new { protocol = "HTTP", port = 80, path = "/health", intervalInSeconds = 10, timeoutInSeconds = 5, toleratedNumberOfFailures = 2 },
                endpoints = endpoints.Select(endpoint => endpoint(name)),
            }),
        };
        await client.GetGenericResources().CreateOrUpdateAsync(WaitUntil.Completed, new ResourceIdentifier(Profiles + name), data);
    }

    /// <summary>Whom each client is led to.</summary>
    private static async Task<IEnumerable<string>> AskAllAsync(Simulation simulation)
    {
        var answers = new List<string>();
        foreach (var (place, network) in Clients)
        {
            var answer = await simulation.Dns.AskAsync("shop.trafficmanager.net", client: new DnsClientSubnet(IPAddress.Parse(network), 24));
            Assert.Equal(DnsCode.NoError, answer.Code);
            answers.Add($"{place} {string.Join(',', DnsClient.Addresses(answer))}");
        }

        return answers;
    }

    private static async Task ProbeAllAsync(Simulation simulation, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var before = (await EndpointsAsync(simulation)).ToDictionary(endpoint => endpoint.Name, endpoint => endpoint.Probes);
            simulation.Time.Advance(TimeSpan.FromSeconds(10));
            await UntilAsync(simulation, endpoints => endpoints.All(endpoint => endpoint.Type == "Nested" || endpoint.Probes > before[endpoint.Name]));
        }
    }

    private static async Task UntilAsync(Simulation simulation, Func<IReadOnlyList<EndpointState>, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Simulation.Patience);
        while (await EndpointsAsync(simulation) is var endpoints && !wanted(endpoints))
        {
            Assert.False(patience.IsCancellationRequested, "waited in vain: " + string.Join("; ", endpoints));
            await Task.Delay(10);
        }
    }

    private static async Task<IReadOnlyList<EndpointState>> EndpointsAsync(Simulation simulation) =>
        [.. (await simulation.Control.GetStateAsync()).Profiles.SelectMany(profile => profile.Endpoints)];
}
