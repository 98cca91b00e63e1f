using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Drills;
using DrFunctions.Recovery.Evaluation;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;
using static DrFunctions.Testing.Recovery.Builders;

namespace DrFunctions.Recovery.Tests.Drills;

public sealed class DrillRulesTests
{
    private static readonly DrillRecord s_done =
        new(1, "failover", MovableClock.Start, "shop-run-1", "v2", DrillState.Completed, EndedAt: MovableClock.Start);

    [Fact]
    public void Check_ADrillOfThisVersionCompleted_FindsNothing() => Assert.Empty(Check(s_done));

    [Fact]
    public void Check_NoDrill_IsNeverDrilled() => Assert.Equal(["DR-DRILL-001"], Codes(Check()));

    [Fact]
    public void Check_ADrillRuns_IsNeverDrilledUntilItEnds() => Assert.Equal(["DR-DRILL-001"], Codes(Check(s_done with { State = DrillState.Running })));

    [Fact]
    public void Check_TheDrillWasOfAnotherVersion_NamesBoth()
    {
        var finding = Assert.Single(Check(s_done with { PlanVersion = "v1" }));

        Assert.Equal(
            ("DR-DRILL-002", FindingSeverity.Warning, "the plan is v2, and the last drill that completed was of v1"),
            (finding.Code, finding.Severity, finding.Found));
    }

    [Fact]
    public void Check_ADrillFailed_IsAnErrorThatNamesItsRun()
    {
        var findings = Check(s_done with { State = DrillState.Failed, Note = "FencePending" }, s_done with { Runbook = "failback" });

        var finding = Assert.Single(findings);
        Assert.Equal(("DR-DRILL-003", FindingSeverity.Error, "runbooks.failover"), (finding.Code, finding.Severity, finding.Resource));
        Assert.Equal("the last drill (shop-run-1) did not complete: FencePending", finding.Found);
    }

    [Fact]
    public async Task Log_Written_IsReadByWorkload()
    {
        var log = new DrillLog(new MemoryDocumentStore());

        Assert.True(await log.TryWriteAsync("shop", s_done, null, default));
        Assert.False(await log.TryWriteAsync("shop", s_done, null, default));
        Assert.Equal([s_done], await log.ReadAsync("shop", default));
        Assert.Empty(await log.ReadAsync("sho", default));
    }

    private static IEnumerable<string> Codes(IEnumerable<Finding> findings) => findings.Select(finding => finding.Code);

    private static List<Finding> Check(params DrillRecord[] drills) =>
        [.. DrillRules.Check(new EvaluatedPlan(APlan().Build(), "v2", WorkloadState.AtHome, MovableClock.Start), drills)];
}
