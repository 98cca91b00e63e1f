using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Steps.RampTraffic;
using DrFunctions.Recovery.Steps.ReturnPlaces;
using DrFunctions.Recovery.Tests.Runs;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;
using static DrFunctions.Testing.Recovery.Builders;

namespace DrFunctions.Recovery.Tests.Steps.ReturnPlaces;

/// <summary>Returns to a region that serves beside the other one, killed at every call.</summary>
public sealed class ReturnPlacesRunnerTests
{
    [Fact]
    public async Task Return_OfPlacesKilledAtEveryCall_IsOneWriteAndUsersAreInBoth()
    {
        var calls = await Kills.AtEveryCallAsync(
            () => Scene(new ReturnPlacesStep("back", TimeSpan.FromMinutes(10), RegionRole.Primary, ["GEO-EU"], SharedData: false), "Geographic"),
            PlayAsync,
            async (scene, where) =>
            {
                Assert.True(scene.Effects is ["shift to westeurope=GEO-EU northeurope=WORLD"], $"{where}: {string.Join("; ", scene.Effects)}");
                await AssertSharedAsync(scene, where);
            });

        Assert.True(calls > 20, $"only {calls} calls were seen");
    }

    [Fact]
    public async Task Return_OfAShareKilledAtEveryCall_HasEachStageOnceAndUsersAreInBoth()
    {
        var step = new RampTrafficStep("back", TimeSpan.FromHours(1), RegionRole.Primary, [10, 100], TimeSpan.FromMinutes(1), 3, SharedData: false) { Whole = 50 };
        var calls = await Kills.AtEveryCallAsync(
            () => Scene(step, "Weighted"),
            PlayAsync,
            async (scene, where) =>
            {
                Assert.True(
                    scene.Effects is ["shift to westeurope=50 northeurope=950", "shift to westeurope=500 northeurope=500"], $"{where}: {string.Join("; ", scene.Effects)}");
                await AssertSharedAsync(scene, where);
            });

        Assert.True(calls > 40, $"only {calls} calls were seen");
    }

    [Fact]
    public async Task Return_BeforeAnyUserIsLedThere_IsRecordedAsShared()
    {
        var scene = Scene(new ReturnPlacesStep("back", TimeSpan.FromMinutes(10), RegionRole.Primary, ["GEO-EU"], SharedData: false), "Geographic");
        WorkloadState? seen = null;
        scene.Interception.Around = async (call, moment) =>
        {
            if (call == "WriteProfile" && moment == Moment.Before)
            {
                seen = await scene.States.ReadAsync("shop", default);
            }
        };

        await PlayAsync(scene);

        Assert.Equal((RegionRole.Secondary, true), (seen!.Active, seen.IsShared)); // It was written.
    }

    [Fact]
    public async Task Return_WouldLeaveTheOtherWithoutAPlace_IsRefusedBeforeAnything()
    {
        var scene = Scene(new ReturnPlacesStep("back", TimeSpan.FromMinutes(10), RegionRole.Primary, ["GEO-EU", "WORLD"], SharedData: false), "Geographic");

        await PlayAsync(scene);

        Assert.Empty(scene.Effects);
        var run = RunViews.Of(await scene.Journal.ReadAsync("shop-run-1", default));
        Assert.Equal("PlacesUnknown", run.Steps[0].Error!.Code); // It failed.
        Assert.False((await scene.States.ReadAsync("shop", default)).IsShared);
    }

    private static async Task AssertSharedAsync(RecoveryScene scene, string where)
    {
        var state = await scene.States.ReadAsync("shop", default);
        Assert.True(state is { Active: RegionRole.Primary, IsShared: true, Arriving: false }, $"{where}: {state}");
    }

    // After a kill the tick finds the run, if it has its lock; otherwise it is asked for again.
    private static async Task PlayAsync(RecoveryScene scene)
    {
        if ((await scene.States.ReadAsync("shop", default)).RunId is null)
        {
            // A failover before led all users to the secondary.
            await scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, 0, "shop-run-0"), default);
        }

        var driver = new RunDriver(scene);
        await driver.TickAsync();
        if (await scene.Locks.ReadAsync("shop", default) is null)
        {
            await driver.StartAsync(scene.Request(runbook: "return", mode: RunMode.Planned));
        }
    }

    private static RecoveryScene Scene(RunbookStep step, string method)
    {
        var scene = new RecoveryScene(APlan().WithRunbook("return", step).Build() with { Strategy = Strategy.ActiveActive });
        scene.WebApps.States[scene.Plan.Secondary.WebApp] = "Running";
        var (west, north) = (scene.Traffic.Profile.Endpoints[0], scene.Traffic.Profile.Endpoints[1]);
        scene.Traffic.Profile = scene.Traffic.Profile with
        {
            RoutingMethod = method,
            Endpoints =
            [
                west with { Enabled = false, MonitorStatus = "Disabled", Weight = 500, Places = method == "Geographic" ? ["BV"] : [] },
                north with { MonitorStatus = "Online", Weight = 500, Places = method == "Geographic" ? ["WORLD", "GEO-EU"] : [] },
            ],
        };
        return scene;
    }
}
