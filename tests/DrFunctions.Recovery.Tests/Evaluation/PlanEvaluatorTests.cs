using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Evaluation;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;
using static DrFunctions.Testing.Recovery.Builders;

namespace DrFunctions.Recovery.Tests.Evaluation;

public sealed class PlanEvaluatorTests
{
    private readonly MemoryDocumentStore _documents = new();
    private readonly MovableClock _clock = new();
    private readonly FakePlanSource _plans = new(new Interception());

    private EvaluationLog Log => new(_documents);

    [Fact]
    public async Task Evaluate_NoFindings_IsReadyAndKept()
    {
        _plans.Apply(APlan().Build());

        var evaluation = await Evaluator(new Check("one")).EvaluateAsync("shop", default);

        Assert.Equal(("shop", "v1", EvaluationVerdict.Ready), (evaluation!.Workload, evaluation.PlanVersion, evaluation.Verdict));
        Assert.Equal(evaluation.EvaluatedAt, (await Log.FindAsync("shop", default))!.EvaluatedAt);
    }

    [Fact]
    public async Task Evaluate_ACheckCannotLook_IsUnknownAndTheOthersStillCount()
    {
        _plans.Apply(APlan().Build());
        var dark = new RecoveryException("ResourceManagerUnavailable", "no answer from Resource Manager.", isTransient: true, "Wait.");

        var evaluation = await Evaluator(new Check("the sites") { Failure = dark }, new Check("two", Finding("A", FindingSeverity.Warning))).EvaluateAsync("shop", default);

        Assert.Equal(EvaluationVerdict.Unknown, evaluation!.Verdict);
        Assert.Equal(
            [new Finding("DR-SEE-001", FindingSeverity.Unknown, "the sites", "could not look: no answer from Resource Manager.", "an answer", "Wait."), Finding("A", FindingSeverity.Warning)],
            evaluation.Findings);
    }

    [Fact]
    public async Task Evaluate_ABugInACheck_IsNotHidden()
    {
        _plans.Apply(APlan().Build());

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Evaluator(new Check("one") { Failure = new InvalidOperationException() }).EvaluateAsync("shop", default));
    }

    [Fact]
    public async Task Evaluate_AnyCheck_IsWorkThatCanWaitAndItsCallerIsNot()
    {
        _plans.Apply(APlan().Build());
        var check = new Check("one");

        await Evaluator(check).EvaluateAsync("shop", default);

        Assert.Equal((true, false), (check.WasInBackground, BackgroundWork.IsRunning));
    }

    [Fact]
    public async Task Evaluate_NoPlan_IsNothing() => Assert.Null(await Evaluator().EvaluateAsync("shop", default));

    [Theory]
    [InlineData("DR-DRILL-001", FindingSeverity.Warning, EvaluationVerdict.NotVerified)]
    [InlineData("DR-DRILL-002", FindingSeverity.Warning, EvaluationVerdict.NotVerified)]
    [InlineData("DR-TM-005", FindingSeverity.Warning, EvaluationVerdict.Ready)]
    [InlineData("DR-TM-020", FindingSeverity.Unknown, EvaluationVerdict.Unknown)]
    [InlineData("DR-TM-001", FindingSeverity.Error, EvaluationVerdict.ActionRequired)]
    public void Of_AFinding_ComesToAVerdict(string code, FindingSeverity severity, EvaluationVerdict verdict) =>
        Assert.Equal(verdict, PlanEvaluation.Of("shop", "v1", MovableClock.Start, [Finding(code, severity)]).Verdict);

    [Fact]
    public void Of_SeveralFindings_HasTheWorstFirstAndItsVerdict()
    {
        var evaluation = PlanEvaluation.Of(
            "shop", "v1", MovableClock.Start,
            [Finding("B", FindingSeverity.Warning), Finding("DR-DRILL-001", FindingSeverity.Warning), Finding("C", FindingSeverity.Error), Finding("A", FindingSeverity.Unknown)]);

        Assert.Equal(["C", "A", "B", "DR-DRILL-001"], evaluation.Findings.Select(finding => finding.Code));
        Assert.Equal(EvaluationVerdict.ActionRequired, evaluation.Verdict);
    }

    [Theory]
    [InlineData(0, "v1", false)]
    [InlineData(29, "v1", false)]
    [InlineData(30, "v1", true)]
    [InlineData(0, "v2", true)]
    [InlineData(-29, "v1", false)]
    [InlineData(-31, "v1", true)]
    public void IsDue_HalfAnHourLaterOrChanged_IsTrue(int minutesAgo, string version, bool due) => Assert.Equal(due, PlanEvaluator.IsDue(
        PlanEvaluation.Of("shop", "v1", MovableClock.Start - TimeSpan.FromMinutes(minutesAgo), []), version, MovableClock.Start));

    [Fact]
    public async Task EvaluateDue_JustEvaluated_LooksOnceUntilThePlanChanges()
    {
        _plans.Apply(APlan().Build());
        var check = new Check("one");
        var evaluator = Evaluator(check);

        await evaluator.EvaluateDueAsync("shop", "v1", default);
        await evaluator.EvaluateDueAsync("shop", "v1", default);
        Assert.Equal(1, check.Looks);

        _plans.Apply(APlan().Build());
        await evaluator.EvaluateDueAsync("shop", "v2", default);
        Assert.Equal(2, check.Looks);
    }

    [Fact]
    public async Task Evaluate_OftenAndOfManyVersions_KeepsOneDocumentOfAWorkload()
    {
        var evaluator = Evaluator(new Check("one", Finding("A", FindingSeverity.Warning)));
        for (var time = 0; time < 50; time++)
        {
            _plans.Apply(APlan().Build());
            await evaluator.EvaluateAsync("shop", default);
            _clock.Advance(TimeSpan.FromMinutes(30));
        }

        var kept = new List<string>();
        await foreach (var key in _documents.ListAsync("evaluations/", default))
        {
            kept.Add(key);
        }

        Assert.Equal(["evaluations/shop/latest"], kept);
        Assert.Equal("v50", (await Log.FindAsync("shop", default))!.PlanVersion);
    }

    [Fact]
    public async Task Keep_AnOlderOneArrivesLate_KeepsTheNewer()
    {
        var newer = PlanEvaluation.Of("shop", "v2", MovableClock.Start.AddMinutes(1), []);
        await Log.KeepAsync(newer, default);

        await Log.KeepAsync(PlanEvaluation.Of("shop", "v1", MovableClock.Start, []), default);

        Assert.Equal("v2", (await Log.FindAsync("shop", default))!.PlanVersion);
    }

    private static Finding Finding(string code, FindingSeverity severity) => new(code, severity, "r", "f", "e", "h");

    private PlanEvaluator Evaluator(params Check[] checks) => new(checks, _plans, new WorkloadStates(_documents), Log, _clock);

    private sealed class Check(string subject, params Finding[] findings) : IPlanCheck
    {
        public string Subject => subject;

        public Exception? Failure { get; init; }

        public int Looks { get; private set; }

        public bool WasInBackground { get; private set; }

        public Task<IReadOnlyList<Finding>> CheckAsync(EvaluatedPlan plan, CancellationToken cancellationToken)
        {
            Looks++;
            WasInBackground = BackgroundWork.IsRunning;
            return Failure is null ? Task.FromResult<IReadOnlyList<Finding>>(findings) : throw Failure;
        }
    }
}
