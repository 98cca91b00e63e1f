using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.StartWebApp;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps.StartWebApp;

public sealed class StartWebAppUndoTests
{
    private static readonly StartWebAppStep s_start = new("start", TimeSpan.FromMinutes(10), RegionRole.Secondary);

    [Fact]
    public async Task Undo_OfAStart_StopsWhatItStarted()
    {
        var scene = new RecoveryScene();
        var step = new StepDriver(scene, s_start);
        Assert.Equal(StepOutcome.Done, (await step.RunAsync()).Outcome);

        Assert.Equal(StepOutcome.Done, (await step.UndoAsync()).Outcome);

        Assert.Equal(["start shop-northeurope", "stop shop-northeurope"], scene.Effects);
    }

    [Fact]
    public async Task Undo_OfAStartThatFoundTheAppRunning_LeavesItRunning()
    {
        var scene = new RecoveryScene();
        scene.WebApps.States[scene.Plan.Secondary.WebApp] = "Running";
        var step = new StepDriver(scene, s_start);
        await step.RunAsync();

        Assert.Equal(StepOutcome.Done, (await step.UndoAsync()).Outcome);
        Assert.Empty(scene.Effects);
    }

    [Fact]
    public async Task Undo_WhileUsersAreThere_StopsNothing()
    {
        var scene = new RecoveryScene();
        var step = new StepDriver(scene, s_start);
        await step.RunAsync();
        await scene.States.MoveAsync(scene.Plan.Workload, new WorkloadState(RegionRole.Secondary, 1, "shop-run-1"), default);

        Assert.Equal("RegionIsActive", (await step.UndoAsync()).Code);
        Assert.Equal(["start shop-northeurope"], scene.Effects);
    }
}
