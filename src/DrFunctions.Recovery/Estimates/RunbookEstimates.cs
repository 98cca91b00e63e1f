using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Estimates;

/// <summary>How long the steps of a runbook are expected to take. Pure.</summary>
public static class RunbookEstimates
{
    /// <summary>By past runs where a step was measured, else by its kind; by the step's name.</summary>
    /// <param name="plan">The plan that the run is pinned to.</param>
    /// <param name="runbook">The runbook's name; one that the plan does not have has no estimates.</param>
    /// <param name="pastRuns">Runs of the workload, in any order, the one that is estimated not among them.</param>
    public static IReadOnlyDictionary<string, StepEstimate> Of(WorkloadPlan plan, string runbook, IEnumerable<RunView> pastRuns)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (!plan.Runbooks.TryGetValue(runbook, out var steps))
        {
            return new Dictionary<string, StepEstimate>();
        }

        var measured = StepTimes.Of(pastRuns, runbook);
        return steps.Steps.ToDictionary(
            step => step.Name,
            step => measured.TryGetValue(step.Name, out var time)
                ? new StepEstimate(time.Median, EstimateSource.PastRuns, time.Runs)
                : new StepEstimate(StepKindCatalog.Of(step).Estimate(step, plan), EstimateSource.Kind, 0),
            StringComparer.Ordinal);
    }

    /// <summary>The time of steps one after the other, those of one group side by side.</summary>
    internal static TimeSpan Sum(IEnumerable<(int? Group, TimeSpan Time)> steps)
    {
        var sum = TimeSpan.Zero;
        var (group, longest) = ((int?)null, TimeSpan.Zero);
        foreach (var step in steps)
        {
            if (step.Group is null || step.Group != group)
            {
                (sum, longest) = (sum + longest, TimeSpan.Zero);
            }

            (group, longest) = (step.Group, longest > step.Time ? longest : step.Time);
        }

        return sum + longest;
    }
}
