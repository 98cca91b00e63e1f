using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.Tests.Runs;

/// <summary>Two workloads whose plans share one Traffic Manager profile, and two runs at once.</summary>
public sealed class SharedProfileTests
{
    private const string Ramp = "  ramp:\n    - rampTraffic: { to: secondary, stages: [10, 100], soak: 1m, sharedData: true }\n";
    private const string Move = "  move:\n    - fence: { region: primary }\n    - shiftTraffic: { to: secondary }\n";

    [Fact]
    public async Task TwoRuns_OneRampsAndTheOtherShifts_TheOtherWaitsAndSaysForWhom()
    {
        await using var scene = await StartAsync();
        var other = Other(scene);
        var (first, second) = (await scene.StartRunAsync("ramp"), await scene.StartRunAsync(other, "move"));
        var waits = new List<string>();
        scene.OnWaiting = (run, finding) => waits.Add($"{run} {finding}");

        // Turn about, as two orchestrations do.
        var (isFirst, isSecond) = (true, true);
        while (isFirst || isSecond)
        {
            isFirst = isFirst && await scene.StepAsync("shop", first.RunId);
            isSecond = isSecond && await scene.StepAsync("bar", second.RunId);
        }

        Assert.Equal(RunState.Completed, (await scene.ViewAsync(first.RunId)).State);
        Assert.Equal(RunState.Completed, (await scene.ViewAsync(second.RunId)).State);
        Assert.Contains(
            "bar-move ProfileClaimed: The profile 'shop' is being written by the run 'shop-ramp' of 'shop'; nothing was written.", waits);

        // Two stages of the ramp, then the shift: none was undone by the other.
        Assert.Equal(3, scene.WritesOf("shop"));
        var profile = await scene.Traffic.ReadAsync(scene.Plan.Traffic.Profile, default);
        Assert.Equal(("Priority", false, true), (profile.RoutingMethod, profile.Endpoints[0].Enabled, profile.Endpoints[1].Enabled));
        Assert.Equal(RegionRole.Secondary, (await scene.StateAsync()).Active);
        Assert.Equal(RegionRole.Secondary, (await scene.Core.States.ReadAsync("bar", default)).Active);
    }

    [Fact]
    public async Task TwoRuns_BothShiftAtOnce_AreOneWriteAndBothComplete()
    {
        await using var scene = await StartAsync();
        var other = Other(scene);
        var (first, second) = (await scene.StartRunAsync("move"), await scene.StartRunAsync(other, "move"));

        var (isFirst, isSecond) = (true, true);
        while (isFirst || isSecond)
        {
            isSecond = isSecond && await scene.StepAsync("bar", second.RunId);
            isFirst = isFirst && await scene.StepAsync("shop", first.RunId);
        }

        Assert.Equal(RunState.Completed, (await scene.ViewAsync(first.RunId)).State);
        Assert.Equal(RunState.Completed, (await scene.ViewAsync(second.RunId)).State);
        Assert.Equal(1, scene.WritesOf("shop"));
        Assert.Equal("northeurope", await scene.WhereUserGoesAsync());
    }

    [Fact]
    public async Task TwoRuns_TheHolderFailsAndEnds_IsTakenOverAndItsUndoDoesNotTouchTheOthersWrite()
    {
        await using var scene = await StartAsync();
        var other = Other(scene);
        scene.BeforeAttempt = async (run, _) => await scene.Cloud.SetRegionDarkAsync("northeurope", run == "shop-ramp" && scene.WritesOf("shop") == 1);
        var first = await scene.StartRunAsync("ramp");
        while (scene.WritesOf("shop") == 0)
        {
            Assert.True(await scene.StepAsync("shop", first.RunId));
        }

        // The holder is in its first stage; the other waits for it, however long.
        var second = await scene.StartRunAsync(other, "move");
        var waits = 0;
        scene.OnWaiting = (run, finding) => waits += run == "bar-move" && finding.StartsWith("ProfileClaimed", StringComparison.Ordinal) ? 1 : 0;
        for (var turn = 0; turn < 5; turn++)
        {
            Assert.True(await scene.StepAsync("bar", second.RunId));
        }

        Assert.True(waits >= 3, $"it waited {waits} times");
        await scene.DriveAsync("shop", first.RunId);
        Assert.Equal(RunState.Paused, (await scene.ViewAsync(first.RunId)).State);
        await scene.CommandAsync(first.RunId, CommandKind.Cancel);
        Assert.Equal(RunState.Cancelled, (await scene.ViewAsync(first.RunId)).State);

        await scene.Cloud.SetRegionDarkAsync("northeurope", false);
        scene.BeforeAttempt = (_, _) => Task.CompletedTask;
        await scene.DriveAsync("bar", second.RunId);

        Assert.Equal(RunState.Completed, (await scene.ViewAsync(second.RunId)).State);
        Assert.Equal("northeurope", await scene.WhereUserGoesAsync());
    }

    [Fact]
    public async Task TwoRuns_TheHoldersLockIsGone_IsTakenOverAtOnce()
    {
        await using var scene = await StartAsync();
        var other = Other(scene);
        var first = await scene.StartRunAsync("ramp");
        while (scene.WritesOf("shop") == 0)
        {
            Assert.True(await scene.StepAsync("shop", first.RunId));
        }

        // It died for good: somebody released its lock.
        await scene.Core.Locks.ReleaseAsync("shop", first.RunId, "dead", default);
        var second = await scene.StartRunAsync(other, "move");
        await scene.DriveAsync("bar", second.RunId);
        Assert.Equal(RunState.Completed, (await scene.ViewAsync(second.RunId)).State);
        var writes = scene.WritesOf("shop");

        // The dead one comes to, and writes nothing.
        await scene.DriveAsync("shop", first.RunId);

        Assert.Equal(writes, scene.WritesOf("shop"));
        Assert.Equal("northeurope", await scene.WhereUserGoesAsync());
    }

    private static WorkloadPlan Other(SimulatedRuns scene)
    {
        var plan = scene.Plan with { Workload = "bar" };
        scene.Core.Plans.Apply(plan);
        return plan;
    }

    private static Task<SimulatedRuns> StartAsync() => SimulatedRuns.StartAsync("hot.yaml", change: yaml => yaml + Ramp + Move);
}
