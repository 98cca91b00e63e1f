using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Runs;

/// <summary>Reads validated plans.</summary>
public interface IPlanSource
{
    /// <summary>The newest plan and its version; null when the workload has none.</summary>
    Task<(WorkloadPlan Plan, string Version)?> FindCurrentAsync(string workload, CancellationToken cancellationToken);

    /// <summary>The plan at a version.</summary>
    /// <exception cref="RecoveryException">There is none (<c>PlanNotFound</c>).</exception>
    Task<WorkloadPlan> ReadAsync(string workload, string version, CancellationToken cancellationToken);

    /// <summary>The plan at a version with fields of one step changed, all of it checked again.</summary>
    /// <exception cref="RecoveryException">
    /// There is none (<c>PlanNotFound</c>), or it would not be valid: the message names each field, its value and what was expected
    /// (<c>StepFieldsInvalid</c>).
    /// </exception>
    Task<WorkloadPlan> ReadChangedAsync(
        string workload, string version, string runbook, string step, IReadOnlyDictionary<string, string> fields, CancellationToken cancellationToken);
}

/// <summary>Sees to it that a run which holds its lock is executed.</summary>
public interface IRunScheduler
{
    /// <summary>
    /// Schedules the run unless it is being executed. An execution that ended while the run holds its lock ended badly and begins
    /// again: what it did stands in the journal. Idempotent; may be called by anyone at any time.
    /// </summary>
    Task EnsureScheduledAsync(RunRequest request, CancellationToken cancellationToken);
}
