using DrFunctions.Recovery.Estimates;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.Recovery.Tests.Estimates;

public sealed class RunProjectionTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, StepEstimate> Estimates = new()
    {
        ["fence"] = new(TimeSpan.FromSeconds(30), EstimateSource.PastRuns, 3),
        ["restore"] = new(TimeSpan.FromMinutes(10), EstimateSource.Kind, 0),
        ["prove"] = new(TimeSpan.FromMinutes(1), EstimateSource.PastRuns, 3),
    };

    [Fact]
    public void Of_ARunThatBegins_IsTheSumOfItsSteps() => Assert.Equal(
        new ProjectionView(Start.AddSeconds(690), 690, 3, 2, false),
        RunProjection.Of(Run(Step(0, "fence"), Step(1, "restore"), Step(2, "prove")), Estimates, Start));

    [Fact]
    public void Of_ARunningStep_CountsWhatIsLeftOfIt() => Assert.Equal(
        new ProjectionView(Start.AddSeconds(660), 360, 2, 1, false),
        RunProjection.Of(Run(Step(0, "fence", StepState.Completed), Step(1, "restore", StepState.Running), Step(2, "prove")), Estimates, Start.AddMinutes(5)));

    [Fact]
    public void Of_AStepThatTakesLonger_IsExpectedToEndNow() => Assert.Equal(
        60,
        RunProjection.Of(Run(Step(0, "restore", StepState.Running), Step(1, "prove")), Estimates, Start.AddHours(1))?.RemainingSeconds);

    [Fact]
    public void Of_StepsSideBySide_CountTheLongest() => Assert.Equal(
        660,
        RunProjection.Of(
            Run(Step(0, "fence") with { Group = 1 }, Step(1, "restore") with { Group = 1 }, Step(2, "prove")), Estimates, Start)?.RemainingSeconds);

    [Fact]
    public void Of_TwoGroupsNextToEachOther_CountTheLongestOfEach() => Assert.Equal(
        660,
        RunProjection.Of(
            Run(Step(0, "fence") with { Group = 1 }, Step(1, "prove") with { Group = 1 }, Step(2, "restore") with { Group = 2 }), Estimates, Start)?.RemainingSeconds);

    [Theory]
    [InlineData(0, false)]
    [InlineData(2910, false)] // 30 s before the start the loss was seen: 30 + 2910 + 660 = 3600, the RTO
    [InlineData(2911, true)]
    public void Of_ARunThatFinishesAfterTheRto_SaysSo(int seconds, bool passes) => Assert.Equal(
        passes,
        RunProjection.Of(Run(Step(0, "fence", StepState.Completed), Step(1, "restore"), Step(2, "prove")), Estimates, Start.AddSeconds(seconds))?.PassesRto);

    [Fact]
    public void Of_AStepOfUnknownTime_IsUnknown() => Assert.Null(RunProjection.Of(Run(Step(0, "fence"), Step(1, "dance")), Estimates, Start));

    [Fact]
    public void Of_ARunThatEndedOrGoesBack_IsNothing()
    {
        var run = Run(Step(0, "fence"));

        Assert.Null(RunProjection.Of(run with { State = RunState.Failed }, Estimates, Start));
        Assert.Null(RunProjection.Of(run with { Stop = new StopView(StopKind.Cancel, "alice", "no", Start) }, Estimates, Start));
    }

    private static StepView Step(int index, string name, StepState state = StepState.Pending) =>
        new(index, name, name, state, state == StepState.Pending ? null : Start, state == StepState.Completed ? Start : null, null, null);

    private static RunView Run(params StepView[] steps) => new()
    {
        RunId = "shop-1",
        Workload = "shop",
        Runbook = "failover",
        Mode = RunMode.Unplanned,
        PlanVersion = "1",
        Epoch = 1,
        State = RunState.Running,
        StartedBy = "test",
        Reason = "test",
        StartedAt = Start,
        Steps = steps,
        Objectives = new ObjectivesView(900, 3600),
        Attained = new AttainedView(null, ObjectiveVerdict.Unknown, null, ObjectiveVerdict.Unknown, null, Start.AddSeconds(-30)),
    };
}
