using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.Wait;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps.Wait;

public sealed class WaitRunnerTests
{
    [Fact]
    public async Task Wait_EndsWhenItsTimeIsOverAndAsksOnceInBetween()
    {
        var scene = new RecoveryScene();
        var step = new StepDriver(scene, new WaitStep("wait", TimeSpan.FromHours(2), TimeSpan.FromHours(1)));

        var first = await step.AttemptAsync();
        scene.Clock.Advance(first.After - TimeSpan.FromSeconds(10));
        var early = await step.AttemptAsync();
        scene.Clock.Advance(early.After);
        var last = await step.AttemptAsync();

        Assert.Equal([StepOutcome.Again, StepOutcome.Again, StepOutcome.Done], [first.Outcome, early.Outcome, last.Outcome]);
        Assert.InRange(first.After, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
        Assert.InRange(scene.Clock.GetUtcNow() - step.Context.BegunAt, TimeSpan.FromHours(1), TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Wait_WhoseAppWasAwayForLonger_EndsAtOnce()
    {
        var scene = new RecoveryScene();
        var step = new StepDriver(scene, new WaitStep("wait", TimeSpan.FromHours(2), TimeSpan.FromHours(1)));
        scene.Clock.Advance(TimeSpan.FromHours(5));

        Assert.Equal(StepOutcome.Done, (await step.AttemptAsync()).Outcome);
    }
}
