using DrFunctions.Recovery.Evaluation;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Routing.Lint;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Simulator;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Cloud.Tests.Runs;

/// <summary>The lint of profiles that were read over the wire, each with the service's own numbers.</summary>
public sealed class LintTests
{
    private const string Weighted = "active-active-weighted.yaml";
    private const string Geographic = "active-active-geographic.yaml";
    private const string Hot = "hot.yaml";

    [Theory]
    [InlineData(Hot)]
    [InlineData(Weighted)]
    [InlineData(Geographic)]
    public async Task Lint_OfAReadyPlan_FindsNoError(string file)
    {
        await using var scene = await SimulatedRuns.StartAsync(file, SampleCloud.Probed);
        await OnlineAsync(scene);

        Assert.DoesNotContain(await CheckAsync(scene), finding => finding.Severity != FindingSeverity.Warning);
    }

    [Fact]
    public async Task Lint_GeographicWithoutNestingAndWorld_FindsBoth()
    {
        await using var scene = await SimulatedRuns.StartAsync(Geographic, Changed("shop-geographic", profile => profile with
        {
            Endpoints =
            [
                new() { Name = "europe", Site = "shop-westeurope", GeoMapping = ["GEO-EU"] },
                new() { Name = "world", Profile = "shop-world", GeoMapping = ["GEO-NA"] },
            ],
        }));

        var findings = await CheckAsync(scene);

        Assert.Equal(
            "the geographic endpoint 'europe' is one target: its users are led to it when it is dead", findings.Single(one => one.Code == "DR-TM-010").Found);
        Assert.Contains("DR-TM-013", findings.Select(one => one.Code));
        Assert.Contains("DR-TM-008", findings.Select(one => one.Code));
    }

    [Fact]
    public async Task Lint_ANestedProfileOfOneEndpoint_IsFoundWithItsChildren()
    {
        await using var scene = await SimulatedRuns.StartAsync(Geographic, Changed("shop-europe", profile => profile with
        {
            Endpoints = [profile.Endpoints[0], profile.Endpoints[1] with { Enabled = false }],
        }));

        var finding = (await CheckAsync(scene)).Single(one => one.Code == "DR-TM-012");

        Assert.EndsWith("trafficManagerProfiles/shop-europe", finding.Resource, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("the nested profile of the geographic endpoint 'europe' has 1 enabled endpoint(s)", finding.Found);
    }

    [Theory]
    [InlineData(3, "DR-TM-016", "'europe' is healthy with 3 endpoints online, and its profile has 2 enabled")]
    [InlineData(2, "DR-TM-017", "'europe' is left when fewer than 2 endpoints of its priority profile are online")]
    public async Task Lint_MinChildEndpoints_AreHeldAgainstTheChild(int least, string code, string found)
    {
        await using var scene = await SimulatedRuns.StartAsync(Geographic, Changed("shop-geographic", profile => profile with
        {
            Endpoints = [profile.Endpoints[0] with { MinChildEndpoints = least }, profile.Endpoints[1]],
        }));

        Assert.Equal(found, (await CheckAsync(scene)).Single(one => one.Code == code).Found);
    }

    // The service's defaults are an interval of 30 s, a timeout of 10 s and 3 tolerated failures: the fourth takes an endpoint out.
    [Theory]
    [InlineData(60, 30, 3, 190, 380, null)]
    [InlineData(60, 30, 3, 190, 379, "DR-TM-023")]
    [InlineData(300, 30, 3, 430, 430, "DR-TM-023")]
    [InlineData(300, 30, 3, 430, 429, "DR-TM-022")]
    [InlineData(0, 10, 0, 19, 60, null)]
    [InlineData(30, 10, 9, 139, 180, "DR-TM-023")]
    [InlineData(3600, 10, 1, 3629, 3600, "DR-TM-022")]
    public async Task Lint_TimesToLiveAndProbes_AreHeldAgainstTheRto(int ttl, int interval, int tolerated, int takes, int rto, string? code)
    {
        await using var scene = await SimulatedRuns.StartAsync(Hot, Changed("shop", profile => profile with
        {
            TtlInSeconds = ttl,
            Monitor = new() { IntervalInSeconds = interval, ToleratedNumberOfFailures = tolerated },
        }));

        var objectives = new RecoveryObjectives(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(rto));
        var findings = await CheckAsync(scene, plan => plan with { Objectives = objectives });

        var found = findings.SingleOrDefault(one => one.Code is "DR-TM-022" or "DR-TM-023");
        Assert.Equal(code, found?.Code);
        if (found is not null)
        {
            Assert.StartsWith($"users may be led to a dead region for {takes} s: {interval} s × {tolerated + 1} probes", found.Found, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Lint_ToleratedFailures0_IsAWarning()
    {
        await using var scene = await SimulatedRuns.StartAsync(Hot, SampleCloud.Probed);

        Assert.Contains("DR-TM-021", (await CheckAsync(scene)).Select(one => one.Code));
    }

    [Fact]
    public async Task Lint_EveryEndpointIsDegraded_SaysThatUsersAreLedToThemAsIfAllWereWell()
    {
        await using var scene = await SimulatedRuns.StartAsync(Hot, SampleCloud.Probed);
        foreach (var region in new[] { "westeurope", "northeurope" })
        {
            await scene.Cloud.SetRegionDarkAsync(region, true);
            await scene.UntilMonitoredAsync("shop", region, "Degraded");
        }

        Assert.StartsWith(
            "every endpoint that can be served is Degraded ('westeurope', 'northeurope')",
            (await CheckAsync(scene)).Single(one => one.Code == "DR-TM-030").Found,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lint_AServedEndpointThatIsNeverProbed_IsAWarning()
    {
        await using var scene = await SimulatedRuns.StartAsync(Hot);

        Assert.Equal(2, (await CheckAsync(scene)).Count(one => one.Code == "DR-TM-026"));
    }

    [Fact]
    public async Task Lint_AfterAFailoverOfAReadyPlan_FindsNoErrorThatTheFailoverMade()
    {
        await using var scene = await SimulatedRuns.StartAsync(Geographic);
        Assert.Equal(DrFunctions.Recovery.Runs.RunState.Completed, (await scene.RunAsync("failover")).State);

        Assert.DoesNotContain(await CheckAsync(scene), finding => finding.Severity == FindingSeverity.Error);
    }

    private static async Task OnlineAsync(SimulatedRuns scene)
    {
        foreach (var profile in new[] { "shop", "shop-europe", "shop-world", "shop-weighted" })
        {
            await scene.UntilMonitoredAsync(profile, "westeurope", "Online");
            await scene.UntilMonitoredAsync(profile, "northeurope", "Online");
        }
    }

    private static Scenario Changed(string name, Func<ScenarioProfile, ScenarioProfile> change) => SampleCloud.Scenario with
    {
        TrafficManagerProfiles = [.. SampleCloud.Scenario.TrafficManagerProfiles.Select(profile => profile.Name == name ? change(profile) : profile)],
    };

    private static async Task<IReadOnlyList<Finding>> CheckAsync(SimulatedRuns scene, Func<WorkloadPlan, WorkloadPlan>? change = null) =>
        await new TrafficCheck(scene.Traffic).CheckAsync(
            new EvaluatedPlan(change?.Invoke(scene.Plan) ?? scene.Plan, "v1", await scene.StateAsync(), MovableClock.Start), default);
}
