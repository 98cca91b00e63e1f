using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Steps.RampTraffic;
using DrFunctions.Recovery.Tests.Runs;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;
using static DrFunctions.Testing.Recovery.Builders;

namespace DrFunctions.Recovery.Tests.Steps.RampTraffic;

/// <summary>Ramps as runs, in virtual time, over fakes.</summary>
public sealed class RampTrafficRunnerTests
{
    private static readonly TimeSpan s_soak = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Ramp_TheRegionStaysHealthy_GoesThroughAllStagesAndEndsByPriority()
    {
        var scene = Scene([1, 10, 50, 100]);

        var run = await RunAsync(scene);

        Assert.Equal(RunState.Completed, run.State);
        Assert.Equal(
            [
                "shift to westeurope=990 northeurope=10", "shift to westeurope=900 northeurope=100",
                "shift to westeurope=500 northeurope=500", "shift to northeurope",
            ],
            scene.Effects);
        Assert.Equal(
            ("Priority", true, true), (scene.Traffic.Profile.RoutingMethod, scene.Traffic.Profile.Endpoints[0].Enabled, scene.Traffic.Profile.Endpoints[1].Enabled));
        var state = await scene.States.ReadAsync("shop", default);
        Assert.Equal((RegionRole.Secondary, false), (state.Active, state.Arriving));
        Assert.True(scene.Clock.GetUtcNow() - MovableClock.Start >= s_soak * 4);
    }

    [Fact]
    public async Task Ramp_TheRegionDiesAtAStage_SendsAllBackAndFails()
    {
        var scene = Scene([1, 50, 100]);
        var before = RoutingSettings.Of(scene.Traffic.Profile);

        var run = await RunAsync(scene, () => Kill(scene, "northeurope=500"));

        Assert.True(before.AreOf(scene.Traffic.Profile));
        Assert.Equal("RampAborted", run.Steps[0].Error!.Code);
        Assert.Contains("from the stage of 50 %, because 3 looks in a row found the region dead", run.Steps[0].Error!.Message, StringComparison.Ordinal);
        Assert.Equal(WorkloadState.AtHome.Active, (await scene.States.ReadAsync("shop", default)).Active);
    }

    [Fact]
    public async Task Ramp_TheRegionDiesWhenAllAreThere_SendsAllBackAndTheWorkloadWithThem()
    {
        var scene = Scene([50, 100]);
        var before = RoutingSettings.Of(scene.Traffic.Profile);

        var run = await RunAsync(scene, () => Kill(scene, "shift to northeurope"));

        Assert.True(before.AreOf(scene.Traffic.Profile));
        Assert.Equal("RampAborted", run.Steps[0].Error!.Code);
        var state = await scene.States.ReadAsync("shop", default);
        Assert.Equal((RegionRole.Primary, false), (state.Active, state.Arriving));
    }

    [Fact]
    public async Task Ramp_TrafficManagerFindsTheRegionDegraded_IsDeadToo()
    {
        var scene = Scene([50]);
        scene.Traffic.Profile = scene.Traffic.Profile with
        {
            Endpoints = [scene.Traffic.Profile.Endpoints[0], scene.Traffic.Profile.Endpoints[1] with { MonitorStatus = "Degraded" }],
        };

        var run = await RunAsync(scene);

        Assert.Contains("Traffic Manager finds 'northeurope' Degraded", run.Steps[0].Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Canary_IsHealthy_LeavesTheUsersShared()
    {
        var scene = Scene([10]);

        var run = await RunAsync(scene);

        Assert.Equal(RunState.Completed, run.State);
        Assert.Equal(["shift to westeurope=900 northeurope=100"], scene.Effects);
        Assert.Equal(RegionRole.Primary, (await scene.States.ReadAsync("shop", default)).Active);
    }

    [Fact]
    public async Task Ramp_SomebodyElseWritesTheProfile_StopsAndWritesNothingMore()
    {
        var scene = Scene([1, 50, 100]);

        var run = await RunAsync(scene, () =>
        {
            if (scene.Effects is [.., "shift to westeurope=990 northeurope=10"])
            {
                scene.Effects.Add("somebody");
                scene.Traffic.Profile = scene.Traffic.Profile with
                {
                    Endpoints = [scene.Traffic.Profile.Endpoints[0] with { Weight = 7 }, scene.Traffic.Profile.Endpoints[1]],
                };
            }
        });

        Assert.Equal("ProfileChanged", run.Steps[0].Error!.Code);
        Assert.Equal("somebody", scene.Effects[^1]);
        Assert.Equal(7, scene.Traffic.Profile.Endpoints[0].Weight);
    }

    [Theory]
    [InlineData(Moment.Before)]
    [InlineData(Moment.After)]
    public async Task Ramp_KilledAtEveryCall_CompletesWithEachStageOnce(Moment moment)
    {
        string[] expected = ["shift to westeurope=900 northeurope=100", "shift to northeurope"];
        for (var at = 0; ; at++)
        {
            var scene = Scene([10, 100]);
            var (calls, killed) = (0, false);
            scene.Interception.Around = (call, when) =>
            {
                if (when == moment && !killed && calls++ == at)
                {
                    killed = true;
                    throw new KilledException($"{moment} {call}");
                }

                return Task.CompletedTask;
            };
            var request = scene.Request(runbook: "ramp");
            try
            {
                await new RunDriver(scene).StartAsync(request);
            }
            catch (KilledException)
            {
                scene.Restart();
                var driver = new RunDriver(scene);
                await driver.TickAsync();
                if (scene.Effects.Count == 0)
                {
                    // It died before it had the lock: nobody knows of it, and it is asked for again.
                    await driver.StartAsync(request);
                }
            }

            scene.Interception.Around = (_, _) => Task.CompletedTask;
            Assert.Equal(expected, scene.Effects);
            Assert.Equal((RegionRole.Secondary, false), State(await scene.States.ReadAsync("shop", default)));
            if (!killed)
            {
                Assert.True(at > 50, $"only {at} calls were seen");
                return;
            }
        }
    }

    private static (RegionRole Active, bool Arriving) State(WorkloadState state) => (state.Active, state.Arriving);

    private static void Kill(RecoveryScene scene, string afterEffect)
    {
        if (scene.Effects.Count > 0 && scene.Effects[^1].EndsWith(afterEffect, StringComparison.Ordinal))
        {
            scene.Probe.Dark.Add(RegionRole.Secondary);
        }
    }

    private static RecoveryScene Scene(int[] stages)
    {
        var step = new RampTrafficStep("ramp", TimeSpan.FromHours(1), RegionRole.Secondary, stages, s_soak, 3, SharedData: true);
        var scene = new RecoveryScene(APlan().WithRunbook("ramp", step).Build());
        scene.WebApps.States[scene.Plan.Secondary.WebApp] = "Running";
        scene.Traffic.Profile = scene.Traffic.Profile with
        {
            Endpoints = [.. scene.Traffic.Profile.Endpoints.Select(endpoint => endpoint with { MonitorStatus = "Online" })],
        };
        return scene;
    }

    // A failed step pauses the run; nobody decides here, so that it ends by itself.
    private static Task<RunView> RunAsync(RecoveryScene scene, Action? beforeAttempt = null)
    {
        var driver = new RunDriver(scene)
        {
            BeforeAttempt = _ =>
            {
                beforeAttempt?.Invoke();
                return Task.CompletedTask;
            },
        };
        return driver.StartAsync(scene.Request(runbook: "ramp"));
    }
}
