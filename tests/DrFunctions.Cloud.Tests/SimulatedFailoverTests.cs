using DrFunctions.Recovery;
using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.WebApps;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Simulator;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.Cloud.Tests;

/// <summary>The adapters as the app gets them, against the simulated cloud: Resource Manager, DNS and web endpoints by wire.</summary>
public sealed class SimulatedFailoverTests : IAsyncLifetime
{
    private const string Subscription = "00000000-0000-0000-0000-000000000001";
    private const string Group = $"/subscriptions/{Subscription}/resourceGroups/shop/providers";
    private const string Shop = "shop.trafficmanager.net";
    private static readonly ResourceId s_profile = ResourceId.Parse($"{Group}/Microsoft.Network/trafficManagerProfiles/shop");
    private static readonly ResourceId s_west = ResourceId.Parse($"{Group}/Microsoft.Web/sites/shop-westeurope");
    private static readonly ResourceId s_north = ResourceId.Parse($"{Group}/Microsoft.Web/sites/shop-northeurope");
    private AzureSimulator _cloud = null!; // set by InitializeAsync
    private ServiceProvider _services = null!; // set by InitializeAsync

    private ITrafficManager Traffic => _services.GetRequiredService<ITrafficManager>();

    private IWebApps WebApps => _services.GetRequiredService<IWebApps>();

    public async Task InitializeAsync()
    {
        _cloud = await AzureSimulator.StartAsync(new SimulatorOptions
        {
            Scenario = new Scenario
            {
                SubscriptionId = Subscription,
                ResourceGroups = ["shop"],
                BearerToken = "simulated",
                Regions = [new() { Name = "westeurope", Address = "127.0.0.21" }, new() { Name = "northeurope", Address = "127.0.0.22" }],
                Sites =
                [
                    new() { Name = "shop-westeurope", ResourceGroup = "shop", Region = "westeurope" },
                    new() { Name = "shop-northeurope", ResourceGroup = "shop", Region = "northeurope" },
                ],
                TrafficManagerProfiles =
                [
                    new()
                    {
                        Name = "shop",
                        ResourceGroup = "shop",
                        TtlInSeconds = 5,
                        Endpoints =
                        [
                            new() { Name = "westeurope", Site = "shop-westeurope", Priority = 1, AlwaysServe = true },
                            new() { Name = "northeurope", Site = "shop-northeurope", Priority = 2, AlwaysServe = true },
                        ],
                    },
                ],
            },
        });
        _services = new ServiceCollection()
            .AddLogging()
            .AddDrFunctionsCloud(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
                ["Dr:ResourceManager"] = _cloud.ResourceManager.ToString(),
                ["Dr:ResourceManagerThumbprint"] = _cloud.CertificateThumbprint,
                ["Dr:ResourceManagerToken"] = "simulated",
                ["Dr:Resolvers"] = _cloud.Dns.ToString(),
            }).Build())
            .BuildServiceProvider();
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await _cloud.DisposeAsync();
    }

    [Fact]
    public async Task WebApp_StoppedAndStarted_ShowsItsState()
    {
        Assert.Equal("Running", await WebApps.ReadStateAsync(s_west, default));

        await WebApps.StopAsync(s_west, default);
        await WebApps.StopAsync(s_west, default);
        Assert.Equal("Stopped", await WebApps.ReadStateAsync(s_west, default));

        await WebApps.StartAsync(s_west, default);
        Assert.Equal("Running", await WebApps.ReadStateAsync(s_west, default));
    }

    [Fact]
    public async Task WebApp_Absent_IsNullAndCannotBeStopped()
    {
        var absent = ResourceId.Parse($"{Group}/Microsoft.Web/sites/absent");

        Assert.Null(await WebApps.ReadStateAsync(absent, default));
        Assert.Equal("ResourceNotFound", (await Assert.ThrowsAsync<RecoveryException>(() => WebApps.StopAsync(absent, default))).Code);
    }

    [Fact]
    public async Task Traffic_Shifted_UsersReachTheOtherRegion()
    {
        Assert.Equal(("shop-westeurope.azurewebsites.net", "127.0.0.21"), await WhereUsersGoAsync());

        var seen = await Traffic.ReadAsync(s_profile, default);
        await Traffic.WriteAsync(seen, TrafficShift.To(seen, "northeurope", "westeurope"), default);

        Assert.Equal(("shop-northeurope.azurewebsites.net", "127.0.0.22"), await WhereUsersGoAsync());
        var profile = await Traffic.ReadAsync(s_profile, default);
        Assert.Equal((Shop, "Priority", TimeSpan.FromSeconds(5)), (profile.Fqdn, profile.RoutingMethod, profile.TimeToLive));
        Assert.Equal([("westeurope", false, 2), ("northeurope", true, 1)], profile.Endpoints.Select(one => (one.Name, one.Enabled, one.Priority)));
    }

    [Fact]
    public async Task Probe_RegionDark_IsRefused()
    {
        await _cloud.SetRegionDarkAsync("westeurope", true);

        var result = await ProbeAsync($"http://shop-westeurope.azurewebsites.net:{_cloud.WebPort}/health");

        Assert.Equal($"connection refused by 127.0.0.21:{_cloud.WebPort}", result.Failure);
    }

    [Fact]
    public async Task ResourceManager_WrongToken_IsAuthenticationFailed()
    {
        using var client = new DrFunctions.Cloud.ResourceManager.ResourceManagerClient(
            new() { Endpoint = _cloud.ResourceManager, Thumbprint = _cloud.CertificateThumbprint, Token = "wrong" }, TimeProvider.System);

        var failure = await Assert.ThrowsAsync<RecoveryException>(() =>
            new DrFunctions.Cloud.ResourceManager.WebAppsAdapter(client).ReadStateAsync(s_north, default));

        Assert.Equal(("AuthenticationFailed", false), (failure.Code, failure.IsTransient));
        Assert.DoesNotContain("wrong", failure.ToString(), StringComparison.Ordinal);
    }

    private async Task<(string? Name, string? Address)> WhereUsersGoAsync()
    {
        var result = await ProbeAsync($"http://{Shop}:{_cloud.WebPort}/health");
        Assert.True(result.IsHealthy, result.Summary);
        return (result.CanonicalName, result.Address?.ToString());
    }

    private Task<ProbeResult> ProbeAsync(string url) =>
        _services.GetRequiredService<IOutsideProbe>().GetAsync(new Uri(url), TimeSpan.FromSeconds(10), default);
}
