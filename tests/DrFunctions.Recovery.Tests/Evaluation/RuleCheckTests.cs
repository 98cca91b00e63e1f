using DrFunctions.Recovery.Evaluation;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Evaluation;

public sealed class RuleCheckTests
{
    [Fact]
    public async Task Check_RulesThatThePlanBreaks_AreFindings()
    {
        var plan = Builders.APlan().Build() with { BrokenRules = [new BrokenRule("runbooks.failback[4].shiftTraffic", "shiftTraffic sends users back unseen.")] };

        var finding = Assert.Single(await new RuleCheck().CheckAsync(new EvaluatedPlan(plan, "v000001", WorkloadState.AtHome, MovableClock.Start), default));

        Assert.Equal(
            ("DR-PLAN-001", FindingSeverity.Error, "runbooks.failback[4].shiftTraffic", "shiftTraffic sends users back unseen."),
            (finding.Code, finding.Severity, finding.Resource, finding.Found));
    }

    [Fact]
    public async Task Check_APlanThatKeepsThem_FindsNothing() =>
        Assert.Empty(await new RuleCheck().CheckAsync(new EvaluatedPlan(Builders.APlan().Build(), "v000001", WorkloadState.AtHome, MovableClock.Start), default));
}
