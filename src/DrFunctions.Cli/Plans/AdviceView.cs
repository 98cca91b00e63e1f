using DrFunctions.Recovery.Objectives.Advice;
using DrFunctions.Recovery.Objectives.Strategies;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.Cli.Plans;

/// <summary>Advice for programs: seconds with their unit in the name, as the API has them.</summary>
internal sealed record AdviceView(
    string Workload,
    ObjectivesView Objectives,
    string Declared,
    AdvisedView Advised,
    IReadOnlyList<RunbookTimeView> Runbooks,
    IReadOnlyList<StrategyCostView> Costs,
    IReadOnlyList<AdviceFinding> Findings)
{
    /// <summary>Makes it.</summary>
    public static AdviceView Of(PlanAdvice advice)
    {
        var (reach, isReached, reasons) = advice.Advised;
        return new AdviceView(
            advice.Workload,
            new ObjectivesView(advice.Objectives.Rpo.TotalSeconds, advice.Objectives.Rto.TotalSeconds),
            StrategyNames.Of(advice.Declared),
            new AdvisedView(StrategyNames.Of(reach.Strategy), isReached, reach.Cost, reasons),
            [.. advice.Runbooks.Select(runbook => new RunbookTimeView(runbook.Name, runbook.Known.TotalSeconds, runbook.Expected.TotalSeconds, runbook.Unknown))],
            [.. advice.Costs.Select(cost => new StrategyCostView(
                StrategyNames.Of(cost.Strategy), cost.CostClass, cost.ExpectedLossPerYear, cost.StandbyPerYear, cost.TotalPerYear))],
            advice.Findings);
    }
}

/// <summary>The strategy that objectives ask for.</summary>
internal sealed record AdvisedView(string Strategy, bool IsReached, CostClass CostClass, IReadOnlyList<string> Reasons);

/// <summary>How long a runbook is expected to take: by what was measured, and with the steps that were not.</summary>
internal sealed record RunbookTimeView(string Name, double KnownSeconds, double ExpectedSeconds, IReadOnlyList<string> UnknownSteps);

/// <summary>A strategy's expected loss beside its cost.</summary>
internal sealed record StrategyCostView(
    string Strategy, CostClass CostClass, decimal ExpectedLossPerYear, decimal? StandbyPerYear, decimal? TotalPerYear);
