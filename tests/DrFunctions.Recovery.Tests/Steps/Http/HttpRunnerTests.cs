using DrFunctions.Recovery.HttpCalls;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.Http;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps.Http;

public sealed class HttpRunnerTests
{
    private static readonly HttpStep s_post = new("http", TimeSpan.FromMinutes(5), "POST", new Uri("https://hooks.example.org/moved"))
    {
        Headers = new Dictionary<string, string> { ["Authorization"] = "HOOK_TOKEN" },
        Body = "{}",
    };

    [Fact]
    public async Task Call_IsSentWithTheNameOfTheSettingAndOneKey()
    {
        var scene = Scene();

        var attempt = await new StepDriver(scene, s_post).RunAsync();

        Assert.Equal((StepOutcome.Done, "POST https://hooks.example.org/moved answered 200 from 20.0.0.1"), (attempt.Outcome, attempt.Summary));
        var (call, host) = Assert.Single(scene.Calls.Sent);
        Assert.Equal("HOOK_TOKEN", call.Headers["Authorization"]);
        Assert.Equal("shop-run-1-3", call.PlainHeaders["Idempotency-Key"]);
        Assert.Equal(new AllowedHost("hooks.example.org", IsPrivate: false), host);
    }

    [Fact]
    public async Task Call_WhoseAnswerIsLost_IsRepeatedWithTheSameKey()
    {
        var scene = Scene();
        var step = new StepDriver(scene, s_post);
        scene.Interception.Around = (call, moment) => call == "POST hooks.example.org" && moment == Moment.After && scene.Calls.Sent.Count == 1
            ? throw new RecoveryException("CallUnanswered", "lost", isTransient: true, "")
            : Task.CompletedTask;

        await Assert.ThrowsAsync<RecoveryException>(step.AttemptAsync);
        Assert.Equal(StepOutcome.Done, (await step.AttemptAsync()).Outcome);

        Assert.Equal(2, scene.Calls.Sent.Count);
        Assert.Equal(["POST https://hooks.example.org/moved"], scene.Effects);
    }

    [Theory]
    [InlineData(503, StepOutcome.Again)]
    [InlineData(429, StepOutcome.Again)]
    [InlineData(400, StepOutcome.Failed)]
    [InlineData(301, StepOutcome.Failed)]
    public async Task Call_AnsweredOtherwise_IsRepeatedOnlyWhereThatHelps(int status, StepOutcome outcome)
    {
        var scene = Scene();
        scene.Calls.Statuses.Enqueue(status);

        var attempt = await new StepDriver(scene, s_post).AttemptAsync();

        Assert.Equal((outcome, "CallRefused"), (attempt.Outcome, attempt.Code));
        Assert.Equal($"POST https://hooks.example.org/moved answered {status} from 20.0.0.1, expected 200, 201, 202, 204", attempt.Summary);
    }

    [Fact]
    public async Task Call_OfAHostThatThePlanDoesNotAllow_IsNeverSent()
    {
        var scene = new RecoveryScene();
        var step = new StepDriver(scene, s_post);

        Assert.Equal("HostNotAllowed", (await step.PrecheckAsync()).Code);
        Assert.Equal("HostNotAllowed", (await step.AttemptAsync()).Code);
        Assert.Empty(scene.Calls.Sent);
    }

    [Fact]
    public async Task Undo_SaysThatThereIsNone()
    {
        var step = new StepDriver(Scene(), s_post);
        await step.RunAsync();

        Assert.Equal((StepOutcome.Failed, "Irreversible"), ((await step.UndoAsync()).Outcome, (await step.UndoAsync()).Code));
    }

    private static RecoveryScene Scene() => new(SampleSteps.Plan);
}
