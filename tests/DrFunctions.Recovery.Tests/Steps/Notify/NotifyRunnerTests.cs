using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.Notify;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps.Notify;

public sealed class NotifyRunnerTests
{
    [Fact]
    public async Task Notify_RepeatedAfterALostAnswer_TellsUnderOneId()
    {
        var scene = new RecoveryScene();
        var step = new StepDriver(scene, new NotifyStep("tell-ops", TimeSpan.FromMinutes(1), "OPS_TOPIC", "we move"));

        Assert.Equal(StepOutcome.Done, (await step.AttemptAsync()).Outcome);
        Assert.Equal(StepOutcome.Done, (await step.AttemptAsync()).Outcome);

        Assert.Equal(["tell OPS_TOPIC: DrFunctions.Run.Notice"], scene.Effects);
        var notice = scene.Topic.Published[1];
        Assert.Equal(("shop-run-1-3", "/drfunctions/shop", "shop-run-1"), (notice.Id, notice.Source, notice.Subject));
        Assert.Equal("we move", notice.Facts["message"]);
        Assert.Equal("tell-ops", notice.Facts["step"]);
    }
}
