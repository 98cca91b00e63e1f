using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps;

/// <summary>
/// Carries out one kind of step. Every attempt may run twice, or beside a second one that was thought dead: it reads the state
/// before it changes anything, and its effects are idempotent.
/// </summary>
public abstract class StepRunner
{
    /// <summary>The step's type.</summary>
    public abstract Type StepType { get; }

    /// <summary>Chooses, once for all attempts, what must not change between them. Default: nothing.</summary>
    public virtual Task<IReadOnlyDictionary<string, string>> ChooseAsync(StepContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());

    /// <summary>Attempts the step once.</summary>
    public abstract Task<StepAttempt> AttemptAsync(StepContext context, CancellationToken cancellationToken);
}

/// <summary>A runner of one step type.</summary>
/// <typeparam name="TStep">The step type.</typeparam>
public abstract class StepRunner<TStep> : StepRunner
    where TStep : RunbookStep
{
    /// <inheritdoc/>
    public sealed override Type StepType => typeof(TStep);

    /// <inheritdoc/>
    public sealed override Task<StepAttempt> AttemptAsync(StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return AttemptAsync((TStep)context.Step, context, cancellationToken);
    }

    /// <summary>Attempts the step once.</summary>
    protected abstract Task<StepAttempt> AttemptAsync(TStep step, StepContext context, CancellationToken cancellationToken);
}

/// <summary>What a runner knows.</summary>
/// <param name="Plan">The plan at the run's version.</param>
/// <param name="Run">The run.</param>
/// <param name="Epoch">Its fencing number.</param>
/// <param name="Step">The step.</param>
/// <param name="Chosen">What was chosen when the step began.</param>
public sealed record StepContext(
    WorkloadPlan Plan, RunRequest Run, long Epoch, RunbookStep Step, IReadOnlyDictionary<string, string> Chosen)
{
    /// <summary>
    /// Throws a <see cref="RecoveryException"/> when the attempt was overtaken: its step has ended, or its run lost the lock. An
    /// attempt of many effects asks before each; the answer is up to a second old.
    /// </summary>
    public required Func<CancellationToken, Task> EnsureCurrentAsync { get; init; }
}
