using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.StopWebApp;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps.StopWebApp;

public sealed class StopWebAppRunnerTests
{
    private static readonly StopWebAppStep s_stop = new("stop", TimeSpan.FromMinutes(10), RegionRole.Secondary);

    [Fact]
    public async Task Stop_OfTheStandby_StopsItOnceAndItsUndoStartsIt()
    {
        var scene = new RecoveryScene();
        scene.WebApps.States[scene.Plan.Secondary.WebApp] = "Running";
        var step = new StepDriver(scene, s_stop);

        Assert.Equal(StepOutcome.Done, (await step.RunAsync()).Outcome);
        Assert.Equal(StepOutcome.Done, (await step.AttemptAsync()).Outcome);
        Assert.Equal(StepOutcome.Done, (await step.UndoAsync()).Outcome);

        Assert.Equal(["stop shop-northeurope", "start shop-northeurope"], scene.Effects);
    }

    [Fact]
    public async Task Stop_OfTheRegionThatCarriesTheWorkload_IsRefused()
    {
        var scene = new RecoveryScene();

        var attempt = await new StepDriver(scene, s_stop with { Region = RegionRole.Primary }).RunAsync();

        Assert.Equal((StepOutcome.Failed, "RegionIsActive"), (attempt.Outcome, attempt.Code));
        Assert.Empty(scene.Effects);
    }

    [Fact]
    public async Task Stop_OfASiteThatIsNotThere_FailsInBothLooks()
    {
        var scene = new RecoveryScene();
        scene.WebApps.States.Clear();
        var step = new StepDriver(scene, s_stop);

        Assert.Equal("WebAppMissing", (await step.PrecheckAsync()).Code);
        Assert.Equal("WebAppMissing", (await step.RunAsync()).Code);
    }
}
