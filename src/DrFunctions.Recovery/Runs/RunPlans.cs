using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Runs;

/// <summary>The steps of a run as its plan has them.</summary>
internal static class RunPlans
{
    /// <summary>A step of a run, as the people of the run changed it.</summary>
    public static async Task<RunbookStep> StepAsync(
        IPlanSource plans, RunProgress run, StepProgress step, CancellationToken cancellationToken) =>
        (await ReadAsync(plans, run, step, cancellationToken)).Runbooks[run.Runbook].Steps[step.Index];

    /// <summary>The plan for a step: at the version that the run is pinned to, with the fields that people changed.</summary>
    public static Task<WorkloadPlan> ReadAsync(IPlanSource plans, RunProgress run, StepProgress step, CancellationToken cancellationToken) =>
        step.Parameters.Count > 0
            ? plans.ReadChangedAsync(run.Workload, run.PlanVersion, run.Runbook, step.Name, step.Parameters, cancellationToken)
            : plans.ReadAsync(run.Workload, run.PlanVersion, cancellationToken);
}
