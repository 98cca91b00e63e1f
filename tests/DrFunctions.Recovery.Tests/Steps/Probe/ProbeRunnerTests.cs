using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.Probe;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps.Probe;

public sealed class ProbeRunnerTests
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Probe_ThatIsGreen_AsksAsOftenAsItSays()
    {
        var scene = new RecoveryScene();
        var asked = Count(scene);
        var step = Step(scene);

        Assert.Equal(StepOutcome.Done, (await step.RunAsync()).Outcome);

        Assert.Equal(3, asked.Count);
        Assert.InRange(scene.Clock.GetUtcNow() - step.Context.BegunAt, 2 * s_every, 3 * s_every);
    }

    [Fact]
    public async Task Probe_ThatTurnsRed_BeginsToCountAnew()
    {
        var scene = new RecoveryScene();
        var step = Step(scene);
        foreach (var status in new int?[] { 200, 200, 503, 200, 200 })
        {
            scene.Probe.Status = status;
            Assert.Equal(StepOutcome.Again, (await step.AttemptAsync()).Outcome);
            scene.Clock.Advance(s_every);
        }

        Assert.Equal(StepOutcome.Done, (await step.AttemptAsync()).Outcome);
    }

    [Fact]
    public async Task Probe_AttemptedTwiceAtOnce_CountsOneAnswerOnce()
    {
        var scene = new RecoveryScene();
        var step = Step(scene);

        for (var attempt = 0; attempt < 5; attempt++)
        {
            Assert.Equal(StepOutcome.Again, (await step.AttemptAsync()).Outcome);
        }

        Assert.Contains("1 of 3", (await step.AttemptAsync()).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_WhoseAppWasAwayBetweenTwoAnswers_CountsNoRow()
    {
        var scene = new RecoveryScene();
        var step = Step(scene);
        await step.AttemptAsync();
        scene.Clock.Advance(s_every);
        await step.AttemptAsync();
        scene.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Contains("1 of 3", (await step.AttemptAsync()).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_ThatAPersonTriesAnew_ForgetsWhatItCounted()
    {
        var scene = new RecoveryScene();
        var step = Step(scene);
        await step.AttemptAsync();
        scene.Clock.Advance(s_every);
        await step.AttemptAsync();
        step.BeginAnew();
        scene.Clock.Advance(s_every);

        Assert.Contains("1 of 3", (await step.AttemptAsync()).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_ThatStaysRed_SaysWhatItFound()
    {
        var scene = new RecoveryScene { Probe = { Status = 500 } };

        var attempt = await Step(scene).RunAsync();

        Assert.Equal("ProbePending", attempt.Code);
        Assert.Equal($"{scene.Plan.Primary.Health} answered 500 in 12 ms; 0 of 3 answers in a row with status 200", attempt.Summary);
    }

    private static StepDriver Step(RecoveryScene scene) =>
        new(scene, new ProbeStep("probe", TimeSpan.FromMinutes(10), scene.Plan.Primary.Health, 200, 3, s_every));

    private static List<string> Count(RecoveryScene scene)
    {
        var calls = new List<string>();
        scene.Interception.Around = (call, moment) =>
        {
            if (moment == Moment.Before && call.StartsWith("Probe ", StringComparison.Ordinal))
            {
                calls.Add(call);
            }

            return Task.CompletedTask;
        };
        return calls;
    }
}
