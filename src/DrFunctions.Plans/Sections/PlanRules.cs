using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Sections;

/// <summary>What a runbook must keep of the rest of its plan.</summary>
internal static class PlanRules
{
    public static void Check(string name, Field runbook, IReadOnlyList<StepSection> steps, WorkloadPlan plan)
    {
        foreach (var section in steps.Where(section => section is { IsInlined: false, Step: not null }))
        {
            foreach (var mistake in StepKindCatalog.Of(section.Step!).Mistakes(section.Step!, plan)) // The filter keeps those that have one.
            {
                section.Field.Report(mistake);
            }
        }

        FenceRules.Check(steps, plan);
        FailbackRules.CheckSoak(name, steps, plan);

        // Estimates are for advice. What the plan itself says that steps take, it cannot mean beside a shorter objective.
        var least = Least(steps, plan);
        if (least > plan.Objectives.Rto && steps.Any(section => section.Step is IMovesUsers))
        {
            runbook.ReportRule(
                $"waits at least {Durations.Text(least)} by what its steps say, and users may wait {Durations.Text(plan.Objectives.Rto)} (objectives.rto); expected less.");
        }
    }

    private static TimeSpan Least(IReadOnlyList<StepSection> steps, WorkloadPlan plan)
    {
        var read = steps.Select(section => section.Step).OfType<RunbookStep>().ToList();
        var alone = read.Where(step => step.Group is null).Select(Of);
        var groups = read.Where(step => step.Group is not null).GroupBy(step => step.Group).Select(group => group.Max(Of));
        return alone.Concat(groups).Aggregate(TimeSpan.Zero, (sum, time) => sum + time);

        TimeSpan Of(RunbookStep step) => StepKindCatalog.Of(step).Least(step, plan);
    }
}
