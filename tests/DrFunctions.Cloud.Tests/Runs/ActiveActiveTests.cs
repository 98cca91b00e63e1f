using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Simulator.Faults;

namespace DrFunctions.Cloud.Tests.Runs;

/// <summary>The ready plans for two regions that both serve: out of a dead region, stage by stage back, and out of the other one.</summary>
public sealed class ActiveActiveTests
{
    private const string Weighted = "active-active-weighted.yaml";
    private const string Geographic = "active-active-geographic.yaml";

    [Fact]
    public async Task Weighted_FailoverAndReturn_LeadsTheShareBackByStages()
    {
        await using var scene = await SimulatedRuns.StartAsync(Weighted);
        Assert.InRange(await scene.CountUsersAsync("westeurope", 40), 5, 35);
        await scene.Cloud.SetRegionDarkAsync("westeurope", true);

        Completed(await scene.RunAsync("failover"));

        Assert.Equal((RegionRole.Secondary, false), Seen(scene, await scene.StateAsync()));
        Assert.Equal(20, await scene.CountUsersAsync("northeurope", 20));

        // It answers again, and nobody is led there.
        await scene.Cloud.SetRegionDarkAsync("westeurope", false);
        Assert.Equal(20, await scene.CountUsersAsync("northeurope", 20));

        var stages = new List<string>();
        scene.OnWaiting = (_, finding) => stages.Add(finding);
        Completed(await scene.RunAsync("return", RunMode.Planned));

        Assert.Equal(
            ["0.5", "5", "25", "50"],
            stages.Where(one => one.StartsWith("StagePending", StringComparison.Ordinal)).Select(one => one.Split(' ')[1]));
        Assert.Equal((RegionRole.Primary, true), Seen(scene, await scene.StateAsync()));
        Assert.InRange(await scene.CountUsersAsync("westeurope", 40), 5, 35);
        var profile = await scene.Traffic.ReadAsync(scene.Plan.Traffic.Profile, default);
        Assert.Equal(
            [("westeurope", true, 500), ("northeurope", true, 500)], profile.Endpoints.Select(one => (one.Name, one.Enabled, one.Weight)));
    }

    [Fact]
    public async Task Weighted_TheOtherRegionIsLost_IsLeftAndReturnedToTheSameWay()
    {
        await using var scene = await SimulatedRuns.StartAsync(Weighted);
        await scene.Cloud.SetRegionDarkAsync("northeurope", true);

        Completed(await scene.RunAsync("failover-secondary"));

        Assert.Equal((RegionRole.Primary, false), Seen(scene, await scene.StateAsync()));
        Assert.Equal(20, await scene.CountUsersAsync("westeurope", 20));
        Assert.IsType<RunStart.AlreadyThere>(await scene.Core.Starts.StartAsync(scene.Core.Request("again", "failover-secondary"), default));

        await scene.Cloud.SetRegionDarkAsync("northeurope", false);
        Completed(await scene.RunAsync("return-secondary", RunMode.Planned));
        Assert.True(scene.Plan.IsShared(await scene.StateAsync()));

        // Both have users again, so that either can be left.
        Completed(await scene.RunAsync("failover", runId: "second"));
        Assert.Equal(20, await scene.CountUsersAsync("northeurope", 20));
    }

    [Theory]
    [InlineData("0.5", 5)]
    [InlineData("25", 250)]
    [InlineData("50", 500)]
    public async Task Weighted_TheRegionDiesAtAStageOfItsReturn_AllGoBackByThemselves(string stage, int weight)
    {
        await using var scene = await SimulatedRuns.StartAsync(Weighted);
        Completed(await scene.RunAsync("failover"));
        var worst = 0;
        scene.BeforeAttempt = async (_, _) =>
        {
            var profile = await scene.Traffic.ReadAsync(scene.Plan.Traffic.Profile, default);
            var west = profile.EndpointNamed("westeurope")!; // The scenario has it.
            worst = Math.Max(worst, west.Enabled ? west.Weight : 0);
            await scene.Cloud.SetRegionDarkAsync("westeurope", west.Enabled && west.Weight == weight);
        };

        var run = await scene.RunAsync("return", RunMode.Planned);

        Assert.Equal(RunState.Paused, run.State);
        var error = run.Steps.Single(step => step.Kind == "rampTraffic").Error!; // It failed.
        Assert.Equal("RampAborted", error.Code);
        Assert.StartsWith($"All users went back from the stage of {stage} %, because 3 looks in a row found the region dead", error.Message, StringComparison.Ordinal);
        Assert.Equal(weight, worst);
        Assert.Equal((RegionRole.Secondary, false), Seen(scene, await scene.StateAsync()));
        Assert.Equal(20, await scene.CountUsersAsync("northeurope", 20));

        // The region is well again, and a person has the run ramp anew.
        scene.BeforeAttempt = (_, _) => Task.CompletedTask;
        await scene.Cloud.SetRegionDarkAsync("westeurope", false);
        Completed(await scene.CommandAsync(run.RunId, CommandKind.Retry, "rampTraffic"));
        Assert.True(scene.Plan.IsShared(await scene.StateAsync()));
    }

    [Fact]
    public async Task Weighted_TheRegionIsLostAgainInItsReturn_TheFailoverPreemptsAndAllAreBack()
    {
        await using var scene = await SimulatedRuns.StartAsync(Weighted);
        Completed(await scene.RunAsync("failover"));
        var planned = await scene.StartRunAsync("return", RunMode.Planned);
        while (scene.WritesOf("shop-weighted") < 3)
        {
            Assert.True(await scene.StepAsync("shop", planned.RunId));
        }

        Assert.True(scene.Plan.IsShared(await scene.StateAsync()));
        await scene.Cloud.SetRegionDarkAsync("westeurope", true);

        Completed(await scene.RunAsync("failover", RunMode.Unplanned, "second"));

        Assert.Equal(RunState.Preempted, (await scene.ViewAsync(planned.RunId)).State);
        Assert.Equal((RegionRole.Secondary, false), Seen(scene, await scene.StateAsync()));
        Assert.Equal(20, await scene.CountUsersAsync("northeurope", 20));
    }

    [Fact]
    public async Task Geographic_FailoverAndReturn_MovesOnlyTheUsersOfTheLostRegion()
    {
        await using var scene = await SimulatedRuns.StartAsync(Geographic, EuropeanProofs());
        Assert.Equal("westeurope", await scene.WhereUserGoesAsync());
        await scene.Cloud.SetRegionDarkAsync("westeurope", true);

        var run = await scene.RunAsync("failover");

        Completed(run);
        Assert.Contains("shop-northeurope.azurewebsites.net", run.Steps.Single(step => step.Kind == "prove").Summary, StringComparison.Ordinal);
        Assert.Equal((1, 0, 0), (scene.WritesOf("shop-europe"), scene.WritesOf("shop-world"), scene.WritesOf("shop-geographic")));
        Assert.Equal("northeurope", await scene.WhereUserGoesAsync());
        await scene.Cloud.SetRegionDarkAsync("westeurope", false);
        Assert.Equal(20, await scene.CountUsersAsync("northeurope", 20));

        Completed(await scene.RunAsync("return", RunMode.Planned));

        Assert.Equal(20, await scene.CountUsersAsync("westeurope", 20));
        Assert.True(scene.Plan.IsShared(await scene.StateAsync()));
        var europe = await scene.Traffic.ReadAsync(scene.Plan.Traffic.Route("europe").Profile, default);
        Assert.Equal(
            ("Priority", "westeurope 1 True, northeurope 2 True"),
            (europe.RoutingMethod, string.Join(", ", europe.Endpoints.Select(one => $"{one.Name} {one.Priority} {one.Enabled}"))));
        Assert.Equal((5, 0, 0), (scene.WritesOf("shop-europe"), scene.WritesOf("shop-world"), scene.WritesOf("shop-geographic")));
    }

    [Fact]
    public async Task Geographic_TheReturningRegionDies_EuropeGoesBackByItself()
    {
        await using var scene = await SimulatedRuns.StartAsync(Geographic, EuropeanProofs());
        Completed(await scene.RunAsync("failover"));
        scene.OnWaiting = (_, finding) =>
        {
            if (finding.StartsWith("Soaking: 10 %", StringComparison.Ordinal))
            {
                scene.Cloud.AddFaults(new Fault { On = FaultTarget.Site, Name = "shop-westeurope", Kind = FaultKind.Error, Status = 503 });
                scene.OnWaiting = (_, _) => { };
            }
        };

        var run = await scene.RunAsync("return", RunMode.Planned);

        Assert.Equal((RunState.Paused, "RampAborted"), (run.State, run.Pause!.Code)); // It is paused.
        Assert.Equal(20, await scene.CountUsersAsync("northeurope", 20));
        Assert.Equal((RegionRole.Secondary, false), Seen(scene, await scene.StateAsync()));
    }

    // The simulator's DNS takes all who ask for users of Germany.
    private static DrFunctions.Simulator.Scenario EuropeanProofs() => SampleCloud.Scenario with { ClientLocation = "DE" };

    private static void Completed(RunView run) => Assert.True(
        run.State == RunState.Completed, $"{run.State}: {run.Pause?.Message} {run.Steps.FirstOrDefault(step => step.Error is not null)}");

    private static (RegionRole Active, bool IsShared) Seen(SimulatedRuns scene, WorkloadState state) => (state.Active, scene.Plan.IsShared(state));
}
