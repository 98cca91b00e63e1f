using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Fences;

/// <summary>
/// One way to keep an old primary from writing: what a plan writes of it, which stores it suits, what it needs. Stateless; found by
/// <see cref="FenceCatalog"/>. A kind is a room: its fence, its kind and its worker; adding one touches nothing else.
/// </summary>
public abstract class FenceKind
{
    /// <summary>Its word in a plan.</summary>
    public abstract string Name { get; }

    /// <summary>What confirms it, in one sentence; stands in the plan's schema and in docs/runbooks.md.</summary>
    public abstract string Summary { get; }

    /// <summary>Its fields beside <c>kind</c>; one without fields is written as its word alone.</summary>
    public virtual IReadOnlyList<StepField> Fields => [];

    /// <summary>The record of such a fence.</summary>
    public abstract Type FenceType { get; }

    /// <summary>The <see cref="FenceWorker"/> of such a fence.</summary>
    public abstract Type WorkerType { get; }

    /// <summary>Makes the fence from values that are there and inside their ranges.</summary>
    public abstract StoreFence Build(StepFieldValues values);

    /// <summary>Why the fence does not suit its store, a sentence that begins with a verb and says what was expected; null when it does.</summary>
    /// <param name="store">A store with a fence of this kind.</param>
    /// <param name="primary">The primary region; null when it could not be read.</param>
    public abstract string? Misfit(DataStore store, Region? primary);

    /// <summary>
    /// Why a step that comes after the fence cannot work, because of it, a sentence that begins with a verb and says what was expected;
    /// null when it can. Default: it can.
    /// </summary>
    public virtual string? Contradiction(FenceSite site, RunbookStep later) => null;

    /// <summary>What is stopped, closed or taken: sites with the same need one fence.</summary>
    public abstract string Target(FenceSite site);

    /// <summary>How long it takes when all is well.</summary>
    public abstract TimeSpan Estimate(FenceSite site);

    /// <summary>What it takes at the very least, by the plan or by what confirms it. Default: nothing.</summary>
    public virtual TimeSpan Least(FenceSite site) => TimeSpan.Zero;

    /// <summary>The rights that the app's identity needs for the fence and its undo.</summary>
    public abstract IEnumerable<RequiredPermission> Permissions(FenceSite site);

    /// <summary>What it would do, in one clause without a full stop.</summary>
    public abstract string Describe(FenceSite site);

    /// <summary>The fence by hand, see <see cref="StepKind.AzCommands"/>.</summary>
    public abstract IEnumerable<string> AzCommands(FenceSite site);
}

/// <summary>The kind of one fence record.</summary>
/// <typeparam name="TFence">The record.</typeparam>
/// <typeparam name="TWorker">Its worker.</typeparam>
internal abstract class FenceKind<TFence, TWorker> : FenceKind
    where TFence : StoreFence
    where TWorker : FenceWorker<TFence>
{
    public sealed override Type FenceType => typeof(TFence);

    public sealed override Type WorkerType => typeof(TWorker);

    /// <summary>The fence of a site of this kind.</summary>
    protected static TFence Of(FenceSite site) => (TFence)site.Store.Fence;
}
