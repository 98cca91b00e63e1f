using DrFunctions.Recovery.Approvals;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Steps.Approval;
using DrFunctions.Recovery.Steps.StartWebApp;
using DrFunctions.Recovery.Tests.Runs;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;
using static DrFunctions.Testing.Recovery.Builders;

namespace DrFunctions.Recovery.Tests.Approvals;

public sealed class ApprovalDeskTests
{
    private const string Run = "shop-run-1";

    private static readonly ApprovalRule Two = new(2, TimeSpan.FromMinutes(30));

    [Fact]
    public async Task Run_ThatWaits_GoesOnWithTheLastWord_AndCountsEachPersonOnce()
    {
        var scene = Scene(Two);
        var said = new List<ApprovalAnswer>();
        var driver = new RunDriver(scene)
        {
            BeforeAttempt = async _ =>
            {
                if (await WaitingAsync(scene) is [var waiting])
                {
                    Assert.Equal(("ask", "Move users?", 2 - waiting.Count.Approved.Count), (waiting.StepName, waiting.Question, waiting.Count.Missing));
                    said.Add(await SayAsync(scene, said.Count < 2 ? "ann" : "bob"));
                }
            },
        };

        var run = await driver.StartAsync(scene.Request());

        Assert.Equal(RunState.Completed, run.State);
        Assert.Equal([true, false, true], said.Cast<ApprovalAnswer.Recorded>().Select(each => each.IsNew));
        Assert.Equal("approved by ann, bob", run.Steps[0].Summary);
        Assert.Equal(["start shop-northeurope"], scene.Effects);
        Assert.Empty(await WaitingAsync(scene));
        Assert.IsType<ApprovalAnswer.NotWaiting>(await SayAsync(scene, "eve"));
    }

    [Fact]
    public async Task Run_ThatIsDeclined_DoesNothing_AndADeclineStays()
    {
        var scene = Scene(Two);
        var driver = new RunDriver(scene)
        {
            BeforeAttempt = async _ =>
            {
                if (await WaitingAsync(scene) is [{ Count.Declined: [] }])
                {
                    await SayAsync(scene, "ann");
                    await SayAsync(scene, "bob", DecisionKind.Decline);
                    var stays = Assert.IsType<ApprovalAnswer.Declined>(await SayAsync(scene, "bob"));
                    Assert.Equal(("bob", "because"), (stays.Earlier.By.Name, stays.Earlier.Reason));
                }
            },
        };

        var run = await driver.StartAsync(scene.Request());

        Assert.Equal("ApprovalDeclined", run.Steps[0].Error?.Code);
        Assert.NotEqual(RunState.Completed, run.State);
        Assert.Empty(scene.Effects);
    }

    [Fact]
    public async Task Run_ThatIsAskedAgain_NeedsNewWords()
    {
        var scene = Scene(new ApprovalRule(1, TimeSpan.FromMinutes(5)));
        var pauses = 0;
        var driver = new RunDriver(scene)
        {
            WhenPaused = async _ =>
            {
                // Too late for the first asking, and said about nothing that waits.
                Assert.IsType<ApprovalAnswer.NotWaiting>(await SayAsync(scene, "ann"));
                if (pauses++ == 0)
                {
                    await scene.Execution.CommandAsync(Run, new RunCommand(CommandKind.Retry, "ask", "ops", "once more"), default);
                }
            },
            BeforeAttempt = async _ =>
            {
                if (pauses == 1 && await WaitingAsync(scene) is [_])
                {
                    Assert.True(Assert.IsType<ApprovalAnswer.Recorded>(await SayAsync(scene, "ann")).IsNew);
                }
            },
        };

        var run = await driver.StartAsync(scene.Request());

        Assert.Equal((RunState.Completed, 1), (run.State, pauses));
    }

    [Fact]
    public async Task Run_ThatIsAskedAgainByAnotherRule_ListsAndCountsByThat()
    {
        var scene = Scene(Two with { Expiry = TimeSpan.FromMinutes(5) });
        var driver = new RunDriver(scene)
        {
            WhenPaused = _ => scene.Execution.CommandAsync(
                Run,
                new RunCommand(CommandKind.Retry, "ask", "ops", "bob is on holiday") { Parameters = new Dictionary<string, string> { ["required"] = "1" } },
                default),
            BeforeAttempt = async _ =>
            {
                if (await WaitingAsync(scene) is [{ Request.Rule.Required: 1 } waiting])
                {
                    Assert.Equal(1, waiting.Count.Missing);
                    Assert.Equal(ApprovalOutcome.Approved, Assert.IsType<ApprovalAnswer.Recorded>(await SayAsync(scene, "ann")).Approval.Count.Outcome);
                }
            },
        };

        var run = await driver.StartAsync(scene.Request());

        Assert.Equal((RunState.Completed, "approved by ann"), (run.State, run.Steps[0].Summary));
    }

    [Theory]
    [InlineData(DecisionKind.Approve, RunState.Completed)]
    [InlineData(DecisionKind.Decline, RunState.Failed)]
    public async Task Word_SaidAgainAfterItHadItsEffect_IsAnsweredWithWhatWasRecorded(DecisionKind kind, RunState end)
    {
        var scene = Scene(new ApprovalRule(1, TimeSpan.FromMinutes(30)));
        ApprovalAnswer? first = null;
        var driver = new RunDriver(scene)
        {
            BeforeAttempt = async _ => first ??= await WaitingAsync(scene) is [_] ? await SayAsync(scene, "ann", kind) : null,
        };
        Assert.Equal(end, (await driver.StartAsync(scene.Request())).State);

        var again = Assert.IsType<ApprovalAnswer.Recorded>(await SayAsync(scene, "ann", kind));

        Assert.False(again.IsNew);
        Assert.Equal(Assert.IsType<ApprovalAnswer.Recorded>(first).Decision, again.Decision);
        Assert.IsType<ApprovalAnswer.NotWaiting>(await SayAsync(scene, "ann", kind == DecisionKind.Approve ? DecisionKind.Decline : DecisionKind.Approve));
        Assert.IsType<ApprovalAnswer.NotWaiting>(await SayAsync(scene, "eve", kind));
        Assert.Single(await scene.Decisions.ReadAsync(Run, default));
    }

    [Fact]
    public async Task Word_ThatDoesNotCount_IsNotRecorded()
    {
        var scene = Scene(Two with { Approvers = ["ann", "bob"] });
        var tried = 0;
        var driver = new RunDriver(scene)
        {
            BeforeAttempt = async _ =>
            {
                if (await WaitingAsync(scene) is [var waiting])
                {
                    tried++;
                    Assert.Equal("'eve' is not one of the approvers ann, bob", Assert.IsType<ApprovalAnswer.NotYours>(await SayAsync(scene, "eve")).Reason);
                    Assert.Equal(["ask"], Assert.IsType<ApprovalAnswer.NotWaiting>(await SayAsync(scene, "ann", step: "other")).Waiting);
                    scene.Clock.Advance(waiting.Request.ExpiresAt - scene.Clock.GetUtcNow());
                    Assert.Equal(waiting.Request.ExpiresAt, Assert.IsType<ApprovalAnswer.Late>(await SayAsync(scene, "ann")).ExpiredAt);
                    Assert.Empty(await WaitingAsync(scene));
                }
            },
        };

        var run = await driver.StartAsync(scene.Request());

        Assert.Equal(("ApprovalExpired", 1), (run.Steps[0].Error?.Code, tried));
        Assert.Empty(await scene.Decisions.ReadAsync(Run, default));
        Assert.IsType<ApprovalAnswer.UnknownRun>(await Desk(scene).DecideAsync("nothing", null, DecisionKind.Approve, Person("ann"), "r", default));
    }

    private static RecoveryScene Scene(ApprovalRule rule)
    {
        var plan = APlan().WithRunbook(
            "failover",
            new ApprovalStep("ask", TimeSpan.FromHours(2), "Move users?", rule),
            new StartWebAppStep("startWebApp", TimeSpan.FromMinutes(10), RegionRole.Secondary)).Build();
        return new RecoveryScene(plan with
        {
            Runbooks = plan.Runbooks.ToDictionary(one => one.Key, one => one.Value with { OnFailure = FailureRule.Pause }),
        });
    }

    private static ApprovalDesk Desk(RecoveryScene scene) => new(scene.Journal, scene.Locks, scene.Plans, scene.Decisions, scene.Clock);

    private static Task<IReadOnlyList<WaitingApproval>> WaitingAsync(RecoveryScene scene) => Desk(scene).ReadAsync("shop", default);

    private static Task<ApprovalAnswer> SayAsync(
        RecoveryScene scene, string who, DecisionKind kind = DecisionKind.Approve, string? step = null) =>
        Desk(scene).DecideAsync(Run, step, kind, Person(who), "because", default);

    private static CallerIdentity Person(string name) => new(name, CallerRole.Approver, CallerAuthentication.PersonalKey);
}
