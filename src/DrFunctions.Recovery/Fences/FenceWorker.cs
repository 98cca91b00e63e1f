using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Fences;

/// <summary>
/// Carries out one kind of fence. As repeatable as a <see cref="StepRunner"/>; done means confirmed: nothing behind a fence goes on
/// without that. Facts are the site's own: several fences of a step do not see each other's.
/// </summary>
public abstract class FenceWorker
{
    /// <summary>The fence's type.</summary>
    public abstract Type FenceType { get; }

    /// <summary>Looks, without any effect, whether the region could be fenced as things are.</summary>
    public abstract Task<StepCheck> CheckAsync(FenceSite site, StepContext context, CancellationToken cancellationToken);

    /// <summary>What an undo needs to know of before. Has no effect. Default: nothing.</summary>
    public virtual Task<IReadOnlyDictionary<string, string>> ChooseAsync(FenceSite site, StepContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());

    /// <summary>Attempts once; done only when it is confirmed that the region cannot write.</summary>
    public abstract Task<StepAttempt> AttemptAsync(FenceSite site, StepContext context, CancellationToken cancellationToken);

    /// <summary>Whether the region could not write before the fence, so that an undo changes nothing; in words, or null when it could.</summary>
    public abstract string? FoundFenced(FenceSite site, StepContext context);

    /// <summary>Attempts once to let the region write again. Asked only while users are in that region, and it could write before.</summary>
    public abstract Task<StepAttempt> UndoAsync(FenceSite site, StepContext context, CancellationToken cancellationToken);
}

/// <summary>A worker of one fence type.</summary>
/// <typeparam name="TFence">The fence type.</typeparam>
public abstract class FenceWorker<TFence> : FenceWorker
    where TFence : StoreFence
{
    /// <inheritdoc/>
    public sealed override Type FenceType => typeof(TFence);
}
