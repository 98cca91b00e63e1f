using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.Fence;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps.Fence;

public sealed class FenceUndoTests
{
    private static readonly FenceStep s_fence = new("fence", TimeSpan.FromMinutes(10), RegionRole.Primary);

    [Fact]
    public async Task Undo_OfAFence_StartsWhatItStopped()
    {
        var scene = new RecoveryScene();
        var step = new StepDriver(scene, s_fence);
        Assert.Equal(StepOutcome.Done, (await step.RunAsync()).Outcome);

        Assert.Equal(StepOutcome.Done, (await step.UndoAsync()).Outcome);
        Assert.Equal(StepOutcome.Done, (await step.UndoAsync()).Outcome);

        Assert.Equal(["stop shop-westeurope", "start shop-westeurope"], scene.Effects);
    }

    [Fact]
    public async Task Undo_OfAFenceThatFoundTheAppStopped_LeavesItStopped()
    {
        var scene = new RecoveryScene();
        scene.WebApps.States[scene.Plan.Primary.WebApp] = "Stopped";
        var step = new StepDriver(scene, s_fence);
        await step.RunAsync();

        Assert.Equal(StepOutcome.Done, (await step.UndoAsync()).Outcome);

        Assert.Empty(scene.Effects);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Undo_WhileUsersAreOrMayBeElsewhere_StartsNoSecondWriter(bool arriving)
    {
        var scene = new RecoveryScene();
        var step = new StepDriver(scene, s_fence);
        await step.RunAsync();
        await scene.States.MoveAsync(scene.Plan.Workload, new WorkloadState(RegionRole.Secondary, 1, "shop-run-1") { Arriving = arriving }, default);

        var undone = await step.UndoAsync();

        Assert.Equal((StepOutcome.Failed, "RegionNotActive"), (undone.Outcome, undone.Code));
        Assert.Equal(["stop shop-westeurope"], scene.Effects);
    }

    [Fact]
    public async Task Precheck_OfASiteThatIsNotThere_SaysSo()
    {
        var scene = new RecoveryScene();
        scene.WebApps.States.Remove(scene.Plan.Primary.WebApp);

        Assert.Equal("FenceTargetMissing", (await new StepDriver(scene, s_fence).PrecheckAsync()).Code);
        Assert.Empty(scene.Effects);
    }
}
