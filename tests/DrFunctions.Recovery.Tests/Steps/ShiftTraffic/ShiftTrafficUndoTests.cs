using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.ShiftTraffic;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps.ShiftTraffic;

public sealed class ShiftTrafficUndoTests
{
    private static readonly ShiftTrafficStep s_shift = new("shift", TimeSpan.FromMinutes(10), RegionRole.Secondary);

    [Fact]
    public async Task Undo_OfAShift_WritesTheProfileAndTheStateBack()
    {
        var scene = new RecoveryScene();
        var before = scene.Traffic.Profile;
        var step = new StepDriver(scene, s_shift);
        Assert.Equal(StepOutcome.Done, (await step.RunAsync()).Outcome);
        Assert.Equal(RegionRole.Secondary, (await scene.States.ReadAsync("shop", default)).Active);

        Assert.Equal(StepOutcome.Done, (await step.UndoAsync()).Outcome);

        Assert.Equal(before.Endpoints.Select(endpoint => (endpoint.Enabled, endpoint.Priority)), scene.Traffic.Profile.Endpoints.Select(endpoint => (endpoint.Enabled, endpoint.Priority)));
        Assert.Equal(new WorkloadState(RegionRole.Primary, 1, "shop-run-1"), await scene.States.ReadAsync("shop", default));
        Assert.Equal(["shift to northeurope", "shift to westeurope"], scene.Effects);
    }

    [Fact]
    public async Task Undo_OfAProfileThatSomebodyElseChanged_LeavesIt()
    {
        var scene = new RecoveryScene();
        var step = new StepDriver(scene, s_shift);
        await step.RunAsync();
        scene.Traffic.Profile = scene.Traffic.Profile with
        {
            Endpoints = [.. scene.Traffic.Profile.Endpoints.Select(endpoint => endpoint with { Enabled = false })],
        };

        var undone = await step.UndoAsync();

        Assert.Equal((StepOutcome.Failed, "ProfileChanged"), (undone.Outcome, undone.Code));
        Assert.Equal(["shift to northeurope"], scene.Effects);
        Assert.Equal(RegionRole.Secondary, (await scene.States.ReadAsync("shop", default)).Active);
    }

    [Fact]
    public async Task Undo_OfAShiftThatFoundUsersThere_LeavesThemThere()
    {
        var scene = new RecoveryScene();
        await new StepDriver(scene, s_shift).RunAsync();
        var again = new StepDriver(scene, s_shift);
        await again.RunAsync();

        Assert.Equal(StepOutcome.Done, (await again.UndoAsync()).Outcome);

        Assert.Equal(RegionRole.Secondary, (await scene.States.ReadAsync("shop", default)).Active);
        Assert.Equal(["shift to northeurope"], scene.Effects);
    }

    /// <summary>Killed after the write of the undo: the next attempt finds the profile as it was and finishes the state.</summary>
    [Fact]
    public async Task Undo_KilledBetweenProfileAndState_IsFinishedByTheNextAttempt()
    {
        var scene = new RecoveryScene();
        var step = new StepDriver(scene, s_shift);
        await step.RunAsync();
        scene.Interception.Around = (call, moment) => call == "WriteProfile" && moment == Moment.After ? throw new KilledException(call) : Task.CompletedTask;
        await Assert.ThrowsAsync<KilledException>(step.UndoAsync);
        scene.Interception.Around = (_, _) => Task.CompletedTask;
        Assert.True((await scene.States.ReadAsync("shop", default)).Arriving);

        Assert.Equal(StepOutcome.Done, (await step.UndoAsync()).Outcome);

        Assert.Equal(new WorkloadState(RegionRole.Primary, 1, "shop-run-1"), await scene.States.ReadAsync("shop", default));
        Assert.Equal(["shift to northeurope", "shift to westeurope"], scene.Effects);
    }
}
