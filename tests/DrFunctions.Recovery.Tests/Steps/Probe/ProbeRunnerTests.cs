using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.Probe;
using DrFunctions.Recovery.Workloads;
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

    [Fact]
    public async Task Probe_OfAStatusOfItsOwn_WaitsForThatOne()
    {
        var scene = new RecoveryScene { Probe = { Status = 404 } };
        var step = new ProbeStep("probe", TimeSpan.FromMinutes(10), 3, s_every) { Url = scene.Plan.Primary.Health, Status = 404 };

        Assert.Equal(StepOutcome.Done, (await new StepDriver(scene, step).RunAsync()).Outcome);
    }

    [Fact]
    public async Task Probe_OfAPort_WaitsUntilItAcceptsConnectionsInARow()
    {
        var scene = new RecoveryScene { Probe = { ClosedPorts = { 5432 } } };
        var step = new StepDriver(
            scene, new ProbeStep("probe", TimeSpan.FromMinutes(10), 3, s_every) { Url = new Uri("tcp://db.example.org:5432") });

        var closed = await step.AttemptAsync();
        Assert.Equal("tcp://db.example.org:5432 answered connection refused; 0 of 3 answers in a row that accept a connection", closed.Summary);

        scene.Probe.ClosedPorts.Clear();
        foreach (var expected in new[] { "1 of 3", "2 of 3" })
        {
            scene.Clock.Advance(s_every);
            Assert.Contains(expected, (await step.AttemptAsync()).Summary, StringComparison.Ordinal);
        }

        scene.Clock.Advance(s_every);
        var done = await step.AttemptAsync();
        Assert.Equal((StepOutcome.Done, "tcp://db.example.org:5432 answered connected in 3 ms, 3 times in a row as expected"), (done.Outcome, done.Summary));
    }

    private static StepDriver Step(RecoveryScene scene) =>
        new(scene, new ProbeStep("probe", TimeSpan.FromMinutes(10), 3, s_every) { Region = RegionRole.Primary });

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
