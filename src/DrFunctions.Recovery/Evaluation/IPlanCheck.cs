using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Evaluation;

/// <summary>One look at the world on behalf of a plan. Has no effect.</summary>
public interface IPlanCheck
{
    /// <summary>What is looked at, to end "could not look at …" with.</summary>
    string Subject { get; }

    /// <summary>Looks; what is wrong is answered.</summary>
    /// <exception cref="RecoveryException">It could not look: the evaluator says so in a finding of severity unknown.</exception>
    Task<IReadOnlyList<Finding>> CheckAsync(EvaluatedPlan plan, CancellationToken cancellationToken);
}

/// <summary>The plan that is evaluated.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Version">Its version.</param>
/// <param name="State">Where the workload is.</param>
/// <param name="Now">When the look began.</param>
public sealed record EvaluatedPlan(WorkloadPlan Plan, string Version, WorkloadState State, DateTimeOffset Now);
