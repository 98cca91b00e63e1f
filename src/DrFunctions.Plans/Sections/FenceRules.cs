using DrFunctions.Recovery.Fences;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Sections;

/// <summary>What a runbook's fences make impossible for the steps behind them.</summary>
internal static class FenceRules
{
    public static void Check(IReadOnlyList<StepSection> steps, WorkloadPlan plan)
    {
        for (var index = 0; index < steps.Count; index++)
        {
            if (steps[index].Step is not IFencesRegion fence)
            {
                continue;
            }

            var sites = plan.Stores.Select(store => new FenceSite(plan, store, fence.Region)).ToList();
            foreach (var later in steps.Skip(index + 1).Where(section => section is { IsInlined: false, Step: not null }))
            {
                foreach (var mistake in sites.Select(site => site.Kind.Contradiction(site, later.Step!)).OfType<string>()) // The filter keeps those that have one.
                {
                    later.Field.Report(mistake);
                }
            }
        }
    }
}
