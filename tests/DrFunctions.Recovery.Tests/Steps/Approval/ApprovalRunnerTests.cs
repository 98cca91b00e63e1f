using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.Approval;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps.Approval;

public sealed class ApprovalRunnerTests
{
    private static readonly ApprovalRule s_two = new(2, TimeSpan.FromMinutes(30));

    [Fact]
    public async Task Approval_ByEnoughPeople_IsDoneAndSaysWho()
    {
        var scene = new RecoveryScene();
        var step = Step(scene, s_two);
        var none = await step.AttemptAsync();
        await DecideAsync(scene, step, "alice", DecisionKind.Approve);
        await DecideAsync(scene, step, "alice", DecisionKind.Approve);
        var one = await step.AttemptAsync();
        await DecideAsync(scene, step, "bob", DecisionKind.Approve);
        var both = await step.AttemptAsync();

        Assert.Equal("ApprovalPending", none.Code);
        Assert.StartsWith("waits for 1 of 2 approvals until ", one.Summary, StringComparison.Ordinal);
        Assert.Equal((StepOutcome.Done, "approved by alice, bob"), (both.Outcome, both.Summary));
        Assert.Equal("alice,bob", both.Facts["approvedBy"]);
    }

    [Fact]
    public async Task Approval_ThatOnePersonDeclines_Fails()
    {
        var scene = new RecoveryScene();
        var step = Step(scene, s_two);
        await DecideAsync(scene, step, "alice", DecisionKind.Approve);
        await DecideAsync(scene, step, "bob", DecisionKind.Decline);

        var attempt = await step.AttemptAsync();

        Assert.Equal((StepOutcome.Failed, "ApprovalDeclined"), (attempt.Outcome, attempt.Code));
        Assert.Contains("bob", attempt.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Approval_ThatNobodyGives_ExpiresBeforeTheStepDoes()
    {
        var attempt = await Step(new RecoveryScene(), s_two).RunAsync();

        Assert.Equal((StepOutcome.Failed, "ApprovalExpired"), (attempt.Outcome, attempt.Code));
    }

    [Fact]
    public async Task Approval_OfAnEarlierBeginning_DoesNotCountForTheNext()
    {
        var scene = new RecoveryScene();
        var step = Step(scene, s_two with { Required = 1 });
        await DecideAsync(scene, step, "alice", DecisionKind.Approve);
        step.BeginAnew();

        Assert.Equal("ApprovalPending", (await step.AttemptAsync()).Code);
    }

    [Fact]
    public async Task Approval_ByWhoeverStartedTheRun_DoesNotCount()
    {
        var scene = new RecoveryScene();
        var step = Step(scene, s_two with { Required = 1 });
        await DecideAsync(scene, step, "ops", DecisionKind.Approve);

        var attempt = await step.AttemptAsync();

        Assert.Equal("ApprovalPending", attempt.Code);
        Assert.Contains("'ops' started the run", attempt.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Approval_ThatOnlyTheStarterCouldGive_IsRefusedBeforeAnyoneWaits()
    {
        var step = Step(new RecoveryScene(), new ApprovalRule(1, TimeSpan.FromMinutes(30)) { Approvers = ["ops"] });

        Assert.Equal("ApprovalImpossible", (await step.PrecheckAsync()).Code);
        Assert.Equal("ApprovalImpossible", (await step.AttemptAsync()).Code);
    }

    private static StepDriver Step(RecoveryScene scene, ApprovalRule rule) =>
        new(scene, new ApprovalStep("approval", TimeSpan.FromMinutes(35), "Move the users?", rule));

    private static async Task DecideAsync(RecoveryScene scene, StepDriver step, string person, DecisionKind kind) => await scene.Decisions.AddAsync(
        new DecisionRecord(
            1,
            step.Context.Run.RunId,
            step.Context.Index,
            step.Context.Occasion,
            kind,
            new CallerIdentity(person, CallerRole.Approver, CallerAuthentication.PersonalKey),
            scene.Clock.GetUtcNow(),
            "because"),
        default);
}
