using DrFunctions.Recovery.Objectives.Impact;
using DrFunctions.Recovery.Objectives.Strategies;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Objectives.Advice;

/// <summary>Holds a plan against its objectives: which strategy they ask for, and where the plan falls short. Pure.</summary>
public static class PlanAdvisor
{
    /// <summary>Advises.</summary>
    /// <param name="plan">A validated plan.</param>
    /// <param name="measured">What is known beside its text.</param>
    public static PlanAdvice Advise(WorkloadPlan plan, PlanMeasurements measured)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(measured);
        var advised = StrategyMatrix.Advise(plan.Objectives);
        var times = plan.Runbooks.Values
            .OrderBy(runbook => runbook.Name, StringComparer.Ordinal)
            .Select(runbook => RunbookAdvice.TimeOf(plan, runbook, measured))
            .ToList();
        return new PlanAdvice(
            plan.Workload,
            plan.Objectives,
            plan.Strategy,
            advised,
            times,
            plan.Impact is { } impact ? StrategyCosts.Compare(impact.Loss, impact.StandbyPerYear) : [],
            [
                .. StrategyAdvices.Of(plan, advised),
                .. BackupAdvice.Of(plan, measured),
                .. times.SelectMany(time => RunbookAdvice.Of(plan, plan.Runbooks[time.Name], time)),
            ]);
    }
}
