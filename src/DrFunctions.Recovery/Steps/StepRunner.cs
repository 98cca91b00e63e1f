using DrFunctions.Recovery.Runbooks;

namespace DrFunctions.Recovery.Steps;

/// <summary>
/// Carries out one kind of step. Every attempt may run twice, or beside a second one that was thought dead: it reads the state
/// before it changes anything, and its effects are idempotent.
/// </summary>
public abstract class StepRunner
{
    /// <summary>The step's type.</summary>
    public abstract Type StepType { get; }

    /// <summary>
    /// Looks, without any effect, whether the step could be carried out as things are. Steps before it may still change that: a
    /// check answers what is wrong whatever they do.
    /// </summary>
    /// <exception cref="RecoveryException">It could not look.</exception>
    public abstract Task<StepCheck> PrecheckAsync(StepContext context, CancellationToken cancellationToken);

    /// <summary>
    /// Chooses, once for all attempts, what must not change between them, and keeps what an undo needs to know of before. Has no
    /// effect. Default: nothing.
    /// </summary>
    public virtual Task<IReadOnlyDictionary<string, string>> ChooseAsync(StepContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());

    /// <summary>Attempts the step once.</summary>
    public abstract Task<StepAttempt> AttemptAsync(StepContext context, CancellationToken cancellationToken);

    /// <summary>
    /// Attempts once to undo what the step did, or began: it may have ended, failed or been given up. As repeatable as an attempt.
    /// </summary>
    public abstract Task<StepAttempt> UndoAsync(StepContext context, CancellationToken cancellationToken);
}

/// <summary>A runner of one step type.</summary>
/// <typeparam name="TStep">The step type.</typeparam>
public abstract class StepRunner<TStep> : StepRunner
    where TStep : RunbookStep
{
    /// <inheritdoc/>
    public sealed override Type StepType => typeof(TStep);

    /// <inheritdoc/>
    public sealed override Task<StepCheck> PrecheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return PrecheckAsync((TStep)context.Step, context, cancellationToken);
    }

    /// <inheritdoc/>
    public sealed override Task<StepAttempt> AttemptAsync(StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return AttemptAsync((TStep)context.Step, context, cancellationToken);
    }

    /// <inheritdoc/>
    public sealed override Task<StepAttempt> UndoAsync(StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return UndoAsync((TStep)context.Step, context, cancellationToken);
    }

    /// <inheritdoc cref="StepRunner.PrecheckAsync"/>
    protected virtual Task<StepCheck> PrecheckAsync(TStep step, StepContext context, CancellationToken cancellationToken) =>
        Task.FromResult(StepCheck.Ok("nothing to look at before"));

    /// <summary>Attempts the step once.</summary>
    protected abstract Task<StepAttempt> AttemptAsync(TStep step, StepContext context, CancellationToken cancellationToken);

    /// <inheritdoc cref="StepRunner.UndoAsync"/>
    /// <remarks>Default: done for a step without effect, otherwise failed with code <c>Irreversible</c>.</remarks>
    protected virtual Task<StepAttempt> UndoAsync(TStep step, StepContext context, CancellationToken cancellationToken)
    {
        var kind = StepKindCatalog.Of(step);
        return Task.FromResult(kind.Effect(step) == StepEffect.ReadOnly
            ? StepAttempt.Done($"{kind.Name} changed nothing")
            : StepAttempt.Failed("Irreversible", $"{kind.Name} cannot be undone: {kind.UndoSummary}", "Decide what to do with what the step left."));
    }
}
