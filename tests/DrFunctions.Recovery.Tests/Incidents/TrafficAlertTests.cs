using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Incidents.Policies;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Tests.Signals;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;
using static DrFunctions.Testing.Recovery.Builders;

namespace DrFunctions.Recovery.Tests.Incidents;

/// <summary>Alerts about Traffic Manager's profile, which are what its own monitor saw.</summary>
public sealed class TrafficAlertTests
{
    private const string Profile = "/subscriptions/s/resourceGroups/shop/providers/Microsoft.Network/trafficManagerProfiles/shop";
    private const string Site = "/subscriptions/s/resourceGroups/shop/providers/Microsoft.Web/sites/shop";

    [Theory]
    [InlineData(Profile, true)]
    [InlineData(Profile + "/azureEndpoints/westeurope", true)]
    [InlineData("/subscriptions/s/resourceGroups/shop/providers/microsoft.network/TRAFFICMANAGERPROFILES/shop", true)]
    [InlineData(Site, false)]
    [InlineData(Profile + " " + Site, false)] // it speaks of the site as well
    public void Fold_AnAlert_KnowsWhetherItIsTrafficManagers(string resources, bool isTraffic) =>
        Assert.Equal(isTraffic, Assert.Single(AlertStates.Fold([], [About(resources).Signal])).IsTraffic);

    // One eye that is asked itself and whose alert fired, and our own probe: two vantages, not three.
    [Theory]
    [InlineData(Profile, "azure-monitor,traffic-manager,control-probe", 3, Decision.Wait)]
    [InlineData(Profile, "azure-monitor,traffic-manager,control-probe", 2, Decision.Start)]
    [InlineData(Profile, "azure-monitor,control-probe", 2, Decision.Start)] // Traffic Manager is not asked: its alert is Azure's
    [InlineData(Site, "azure-monitor,traffic-manager,control-probe", 3, Decision.Start)]
    public async Task Assess_AnAlertAboutTheProfile_CountsTrafficManagerOnce(string resource, string of, int least, Decision expected)
    {
        var scene = await OpenAsync(resource, policy => policy with
        {
            Red = [Vantage.ControlProbe],
            Quorum = new VantageQuorum(least, [.. of.Split(',').Select(name => Vantages.ByName[name])]),
        });

        var seen = await scene.Desk.AssessAsync("shop", "shop-000001", MovableClock.Start - TimeSpan.FromHours(1), default);

        Assert.Equal(expected, seen.Decision);
    }

    [Fact]
    public async Task Assess_AnAlertAboutTheProfileWhereBothMustBeRed_SaysWhoseWordItIs()
    {
        var scene = await OpenAsync(Profile, policy => policy with { Red = [Vantage.AzureMonitor, Vantage.TrafficManager] });

        var seen = await scene.Desk.AssessAsync("shop", "shop-000001", null, default);

        Assert.Contains("red.azure-monitor: cannot tell: no alert fired but of Traffic Manager, which is asked itself, expected red", seen.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("red.traffic-manager", seen.Reason, StringComparison.Ordinal);
    }

    private static SignalRecord About(string resources)
    {
        var record = Samples.Signal("a");
        return record with { Signal = record.Signal with { Resources = [.. resources.Split(' ').Select(ResourceId.Parse)] } };
    }

    // The primary is dead to our own probe and to Traffic Manager's monitor.
    private static async Task<RecoveryScene> OpenAsync(string resource, Func<IncidentPolicy, IncidentPolicy> change)
    {
        var scene = new RecoveryScene(APlan().WithPolicy(change).Build()) { Probe = { Dark = { RegionRole.Primary } } };
        scene.Traffic.Profile = scene.Traffic.Profile with
        {
            Endpoints = [.. scene.Traffic.Profile.Endpoints.Select(endpoint => endpoint with { MonitorStatus = endpoint.Name == "westeurope" ? "Degraded" : "Online" })],
        };
        await scene.Signals.AddAsync(About(resource), default);
        await scene.Desk.OpenAsync("shop", default);
        return scene;
    }
}
