using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Sections;

/// <summary>What a runbook must keep of the rest of its plan.</summary>
internal static class PlanRules
{
    public static void Check(Field runbook, IReadOnlyList<StepSection> steps, WorkloadPlan plan)
    {
        foreach (var section in steps.Where(section => section is { IsInlined: false, Step: not null }))
        {
            foreach (var mistake in StepKindCatalog.Of(section.Step!).Mistakes(section.Step!, plan)) // The filter keeps those that have one.
            {
                section.Field.Report(mistake);
            }
        }

        FenceRules.Check(steps, plan);

        // Estimates are for advice. What the plan itself says that steps take, it cannot mean beside a shorter objective.
        var least = Least(steps);
        if (least > plan.Objectives.Rto && steps.Any(section => section.Step is IMovesUsers))
        {
            runbook.Report(
                $"waits at least {Durations.Text(least)} by what its steps say, and users may wait {Durations.Text(plan.Objectives.Rto)} (objectives.rto); expected less.");
        }
    }

    private static TimeSpan Least(IReadOnlyList<StepSection> steps)
    {
        var alone = steps.Where(section => section.Step is { Group: null }).Select(Least);
        var groups = steps.Where(section => section.Step is { Group: not null }).GroupBy(section => section.Step!.Group).Select(group => group.Max(Least)); // The filter keeps those that have one.
        return alone.Concat(groups).Aggregate(TimeSpan.Zero, (sum, time) => sum + time);
    }

    private static TimeSpan Least(StepSection section) => StepKindCatalog.Of(section.Step!).Least(section.Step!); // Callers filter.
}
