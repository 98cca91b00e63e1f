using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Steps;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Operations;

public sealed class OperationFollowerTests
{
    private static readonly TimeSpan s_settles = TimeSpan.FromSeconds(90);
    private readonly Interception _interception = new();
    private readonly MovableClock _clock = new();
    private readonly InterceptedDocumentStore _documents;
    private readonly FakeOperation _operation;
    private Func<CancellationToken, Task> _ensureCurrent = _ => Task.CompletedTask;
    private bool _isUndo;
    private string? _part;
    private Dictionary<string, string> _facts = [];

    public OperationFollowerTests()
    {
        _documents = new InterceptedDocumentStore(_interception);
        _operation = new FakeOperation(_interception, _clock);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(90)]
    public async Task Attempt_KilledAtEveryCall_TakesEffectOnceAndEnds(int settlesSeconds)
    {
        var kill = 1;
        while (await new OperationFollowerTests().EndsAfterKillAsync(kill, TimeSpan.FromSeconds(settlesSeconds)))
        {
            kill++;
        }

        // Reading, writing what is asked, asking, writing the answer, polling, writing the end, verifying: before and after each.
        Assert.InRange(kill, 18, 100);
    }

    [Fact]
    public async Task Attempt_Synchronous_IsDoneInOneAttempt()
    {
        _operation.IsSynchronous = true;

        var attempt = await AttemptAsync();

        Assert.Equal((StepOutcome.Done, "it is there"), (attempt.Outcome, attempt.Summary));
        Assert.Equal("yes", attempt.Facts["seen"]);
    }

    [Fact]
    public async Task Attempt_ServiceAsksForTime_WaitsThatLong()
    {
        await AttemptAsync();
        _operation.Answers = () => new OperationProgress(OperationState.Running, "Updating") { RetryAfter = TimeSpan.FromSeconds(17) };
        _clock.Advance(TimeSpan.FromSeconds(8));

        var attempt = await AttemptAsync();

        Assert.Equal(("OperationRunning", TimeSpan.FromSeconds(17)), (attempt.Code, attempt.After));
        Assert.Equal("the work is 'Updating' since 8 s", attempt.Summary);
    }

    [Theory]
    [InlineData(null, 0, 1)]
    [InlineData(null, 8, 2)]
    [InlineData(null, 3600, 15)]
    [InlineData(0, 8, 1)]
    [InlineData(3600, 8, 600)]
    public async Task Pause_Bounds_Hold(int? asked, int since, int expected)
    {
        await AttemptAsync();
        _operation.Answers = () => new OperationProgress(OperationState.Running, "Updating") { RetryAfter = asked is { } s ? TimeSpan.FromSeconds(s) : null };
        _clock.Advance(TimeSpan.FromSeconds(since));

        Assert.Equal(expected, Math.Floor((await AttemptAsync()).After.TotalSeconds)); // the clock moves a little with each look
    }

    [Fact]
    public async Task Attempt_EndedWellButNotSeen_GoesOnLooking()
    {
        await AttemptAsync();
        _operation.Answers = () => new OperationProgress(OperationState.Succeeded, "Succeeded");
        _operation.ShowsChange = false;

        Assert.Equal(("VerifyPending", "the work ended well, but it is not there"), Shown(await AttemptAsync()));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(StepOutcome.Done, (await AttemptAsync()).Outcome);
        Assert.Equal(1, _operation.Begun);
    }

    [Fact]
    public async Task Attempt_FailedForBeingBusy_IsBegunAnew()
    {
        await AttemptAsync();
        _operation.Answers = () => new OperationProgress(OperationState.Failed, "Failed") { Code = "ServerIsBusy", Message = "later" };

        Assert.Equal(("ResourceBusy", "the work was put off: ServerIsBusy: later"), Shown(await AttemptAsync()));
        _operation.ShowsChange = false;
        Assert.Equal("ResourceBusy", (await Assert.ThrowsAsync<RecoveryException>(AttemptAsync)).Code);
    }

    [Fact]
    public async Task Attempt_FailedWhileTheResourceStillChanges_IsNotBelieved()
    {
        await AttemptAsync();
        _operation.Answers = () => new OperationProgress(OperationState.Failed, "Failed") { Code = "InternalServerError" };

        Assert.Equal("ResourceChanging", (await AttemptAsync()).Code);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(StepOutcome.Done, (await AttemptAsync()).Outcome);
    }

    [Fact]
    public async Task Attempt_ServiceForgotTheOperation_TheResourceTells()
    {
        await AttemptAsync();
        _operation.Answers = () => new OperationProgress(OperationState.Lost, "Lost");

        Assert.Equal("ResourceChanging", (await AttemptAsync()).Code);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(StepOutcome.Done, (await AttemptAsync()).Outcome);
        Assert.Equal(1, _operation.Begun);
    }

    [Fact]
    public async Task Attempt_AnswerLostAndRefusedAfterwards_SeesWhatTheFirstOneDid()
    {
        _interception.Around = (call, moment) => call == "begin" && moment == Moment.After ? throw Silence() : Task.CompletedTask;
        await Assert.ThrowsAsync<RecoveryException>(AttemptAsync);
        _interception.Around = (_, _) => Task.CompletedTask;
        _operation.ShowsChange = false;
        _operation.Refuses = () =>
        {
            _clock.Advance(TimeSpan.FromMinutes(1)); // it ends between the reading and the request
            return new RecoveryException("ResourceManagerRefused", "not a replica", isTransient: false, "look");
        };

        Assert.Equal(StepOutcome.Done, (await AttemptAsync()).Outcome);
        Assert.Equal(1, _operation.Begun);
    }

    [Fact]
    public async Task Attempt_DoneByAnotherHandBetweenReadingAndAsking_SeesIt()
    {
        _operation.Refuses = () =>
        {
            _operation.Arrive();
            return new RecoveryException("ResourceManagerRefused", "it is there already", isTransient: false, "look");
        };

        var end = await AttemptAsync();

        Assert.Equal((StepOutcome.Done, 0), (end.Outcome, _operation.Begun));
        Assert.False(end.Facts.ContainsKey("sent")); // Nothing of this run did it.
    }

    [Fact]
    public async Task Attempt_Done_HasTheFactsOfTheRequestThatWasSent()
    {
        _facts = new() { ["sent"] = "first" };
        await AttemptAsync();
        _facts = new() { ["sent"] = "second" };
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("first", (await AttemptAsync()).Facts["sent"]);
    }

    [Fact]
    public async Task Attempt_ThereBeforeAnythingWasSent_HasNoFactsOfARequest()
    {
        _operation.Arrive();
        _facts = new() { ["sent"] = "never" };

        Assert.Equal(["seen"], (await AttemptAsync()).Facts.Keys);
    }

    [Fact]
    public async Task Attempt_TwoPartsOfAStep_EachHaveAnOperation()
    {
        _part = "orders";
        await AttemptAsync();

        Assert.NotNull(await _documents.ReadAsync("runs/shop-run-1/operations/fence/orders", default));
        Assert.Null(await _documents.ReadAsync("runs/shop-run-1/operations/fence", default));
    }

    [Fact]
    public async Task Attempt_AnswerLost_IsNotRepeatedWhileItMayStillTakeEffect()
    {
        _interception.Around = (call, moment) => call == "begin" && moment == Moment.Before ? throw Silence() : Task.CompletedTask;
        await Assert.ThrowsAsync<RecoveryException>(() => AttemptAsync(s_settles));
        _interception.Around = (_, _) => Task.CompletedTask;

        _clock.Advance(TimeSpan.FromSeconds(80));
        Assert.Equal("AnswerLost", (await AttemptAsync(s_settles)).Code);
        Assert.Equal(0, _operation.Begun);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("OperationRunning", (await AttemptAsync(s_settles)).Code);
    }

    [Fact]
    public async Task Attempt_Overtaken_SendsNothing()
    {
        _ensureCurrent = _ => throw new RecoveryException("AttemptSuperseded", "m", isTransient: false, "h");

        await Assert.ThrowsAsync<RecoveryException>(AttemptAsync);

        Assert.Equal(0, _operation.Begun);
    }

    [Fact]
    public async Task Attempt_TwoAtOnce_OneSends()
    {
        var other = false;
        _interception.Around = async (call, moment) =>
        {
            if (call.StartsWith("TryCreate", StringComparison.Ordinal) && moment == Moment.Before && !other)
            {
                other = true;
                await AttemptAsync();
            }
        };

        Assert.Equal("AttemptOvertaken", (await AttemptAsync()).Code);
        Assert.Equal(1, _operation.Begun);
    }

    [Fact]
    public async Task Undo_Failed_IsBegunAnewWhenItIsAskedForAgain()
    {
        _isUndo = true;
        await AttemptAsync();
        _operation.Answers = () => new OperationProgress(OperationState.Failed, "Failed") { Code = "Boom" };
        _operation.Forget();

        Assert.Equal("OperationFailed", (await AttemptAsync()).Code);
        _operation.Answers = null;
        Assert.Equal("OperationRunning", (await AttemptAsync()).Code);
        Assert.Equal(2, _operation.Begun);
        Assert.NotNull(await _documents.ReadAsync("runs/shop-run-1/operations/fence/undo", default));
    }

    private async Task<bool> EndsAfterKillAsync(int kill, TimeSpan settles)
    {
        var calls = 0;
        var killed = false;
        _interception.Around = (_, _) =>
        {
            if (++calls == kill)
            {
                killed = true;
                throw new KilledException($"at {kill}");
            }

            return Task.CompletedTask;
        };
        var end = _clock.GetUtcNow().AddMinutes(10);
        while (true)
        {
            Assert.True(_clock.GetUtcNow() < end, $"killed at {kill}, it never ends");
            var wait = TimeSpan.FromSeconds(2);
            try
            {
                var attempt = await AttemptAsync(settles);
                Assert.NotEqual(StepOutcome.Failed, attempt.Outcome);
                if (attempt.Outcome == StepOutcome.Done)
                {
                    Assert.Equal(1, _operation.Begun);
                    return killed;
                }

                wait = attempt.After;
            }
            catch (Exception exception) when (exception is KilledException or RecoveryException { IsTransient: true })
            {
                // The process is started again; the run tries again.
            }

            _clock.Advance(wait);
        }
    }

    private static (string? Code, string Summary) Shown(StepAttempt attempt) => (attempt.Code, attempt.Summary);

    private static RecoveryException Silence() => new("ResourceManagerUnavailable", "no answer", isTransient: true, "wait");

    private Task<StepAttempt> AttemptAsync() => AttemptAsync(TimeSpan.Zero);

    private Task<StepAttempt> AttemptAsync(TimeSpan settles)
    {
        var scene = new RecoveryScene();
        var context = new StepContext(scene.Plan, scene.Request(), 1, scene.Plan.Runbooks["failover"].Steps[0], new Dictionary<string, string>())
        {
            Index = 0,
            BegunAt = MovableClock.Start,
            EnsureCurrentAsync = stop => _ensureCurrent(stop),
        };
        return new OperationFollower(_documents, _operation, _clock).AttemptAsync(context, _operation.Work(settles) with { IsUndo = _isUndo, Part = _part, Facts = _facts }, default);
    }
}
