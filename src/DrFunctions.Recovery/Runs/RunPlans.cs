using DrFunctions.Recovery.Runbooks;

namespace DrFunctions.Recovery.Runs;

/// <summary>The steps of a run as its plan has them.</summary>
internal static class RunPlans
{
    /// <summary>A step of a run, at the version of the plan that the run is pinned to.</summary>
    public static async Task<RunbookStep> StepAsync(
        IPlanSource plans, RunProgress run, StepProgress step, CancellationToken cancellationToken)
    {
        var plan = await plans.ReadAsync(run.Start.Required(RunFacts.Workload), run.Start.Required(RunFacts.PlanVersion), cancellationToken);
        return plan.Runbooks[run.Runbook].Steps[step.Index];
    }
}
