using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps;

/// <summary>
/// One kind of step: what a plan writes of it, what it does to the world, what it needs. Stateless; found by
/// <see cref="StepKindCatalog"/>. A kind is a room: its step, its kind and its runner; adding one touches nothing else.
/// </summary>
public abstract class StepKind
{
    /// <summary>The key that begins such a step in a plan, and its kind in the journal.</summary>
    public abstract string Name { get; }

    /// <summary>What it does, in one sentence; stands in the plan's schema and in docs/runbooks.md.</summary>
    public abstract string Summary { get; }

    /// <summary>What an undo does, or why there is none, in one sentence.</summary>
    public abstract string UndoSummary { get; }

    /// <summary>The fields of such a step, beside <c>name</c> and <c>timeout</c>, which every step takes.</summary>
    public abstract IReadOnlyList<StepField> Fields { get; }

    /// <summary>The timeout of a step that names none.</summary>
    public virtual TimeSpan UsualTimeout => TimeSpan.FromMinutes(10);

    /// <summary>The shortest timeout that can work, inclusive.</summary>
    public virtual TimeSpan LeastTimeout => TimeSpan.FromSeconds(1);

    /// <summary>The record of such a step.</summary>
    public abstract Type StepType { get; }

    /// <summary>The <see cref="StepRunner"/> of such a step.</summary>
    public abstract Type RunnerType { get; }

    /// <summary>The timeout of a step with these fields that names none.</summary>
    public virtual TimeSpan UsualTimeoutOf(StepFieldValues values) => UsualTimeout;

    /// <summary>
    /// Makes the step. Values are there and of the type that <see cref="Fields"/> says, and inside their ranges; what only all of
    /// them together show is reported to <paramref name="values"/>, and the step is then not used.
    /// </summary>
    public abstract RunbookStep Build(StepFieldValues values);

    /// <summary>How long the step takes when all is well; runs that ended are the better source.</summary>
    public abstract TimeSpan Estimate(RunbookStep step, WorkloadPlan plan);

    /// <summary>What the step takes at the very least, because the plan says so. Default: nothing.</summary>
    public virtual TimeSpan Least(RunbookStep step, WorkloadPlan plan) => TimeSpan.Zero;

    /// <summary>
    /// What is wrong with the step under this plan, a sentence each that begins with a verb and says what was expected. Told when the
    /// plan is applied. Default: nothing.
    /// </summary>
    public virtual IEnumerable<string> Mistakes(RunbookStep step, WorkloadPlan plan) => [];

    /// <summary>What the step does to the world.</summary>
    public abstract StepEffect Effect(RunbookStep step);

    /// <summary>
    /// Whether what a run did before the step stays done once the step has acted, because the step was built on it. Default: of an
    /// irreversible step.
    /// </summary>
    public virtual bool IsPointOfNoReturn(RunbookStep step) => Effect(step) == StepEffect.Irreversible;

    /// <summary>
    /// Whether a drill does the step, and undoes it at its end; otherwise it runs the precheck only. A step that touches what users
    /// use says no. Default: yes when it changes nothing and proves nothing about where users are.
    /// </summary>
    public virtual bool RunsInDrill(RunbookStep step) => Effect(step) == StepEffect.ReadOnly && step is not IProvesRegion;

    /// <summary>Whether such a step can do without the old primary's word in a run that a person forced. Default: no.</summary>
    public virtual bool CanForce => false;

    /// <summary>
    /// Null when an attempt whose answer was lost can be made again without harm; otherwise the reason why its effect may then
    /// happen twice.
    /// </summary>
    public virtual string? WhyNotRepeatable(RunbookStep step) => null;

    /// <summary>The rights that the app's identity needs for the step and its undo.</summary>
    public abstract IEnumerable<RequiredPermission> Permissions(RunbookStep step, WorkloadPlan plan);

    /// <summary>What the step would do under this plan, in one sentence without a full stop.</summary>
    public abstract string Describe(RunbookStep step, WorkloadPlan plan);

    /// <summary>The step by hand: commands of a POSIX shell with az, curl and dig, every argument quoted. Never a secret.</summary>
    public abstract IEnumerable<string> AzCommands(RunbookStep step, WorkloadPlan plan);
}

/// <summary>The kind of one step record.</summary>
/// <typeparam name="TStep">The record.</typeparam>
/// <typeparam name="TRunner">Its runner.</typeparam>
public abstract class StepKind<TStep, TRunner> : StepKind
    where TStep : RunbookStep
    where TRunner : StepRunner<TStep>
{
    /// <inheritdoc/>
    public sealed override Type StepType => typeof(TStep);

    /// <inheritdoc/>
    public sealed override Type RunnerType => typeof(TRunner);

    /// <inheritdoc/>
    public sealed override TimeSpan Estimate(RunbookStep step, WorkloadPlan plan) => Estimate(Of(step), plan);

    /// <inheritdoc/>
    public sealed override TimeSpan Least(RunbookStep step, WorkloadPlan plan) => Least(Of(step), plan);

    /// <inheritdoc/>
    public sealed override IEnumerable<string> Mistakes(RunbookStep step, WorkloadPlan plan) => Mistakes(Of(step), plan);

    /// <inheritdoc/>
    public sealed override StepEffect Effect(RunbookStep step) => Effect(Of(step));

    /// <inheritdoc/>
    public sealed override string? WhyNotRepeatable(RunbookStep step) => WhyNotRepeatable(Of(step));

    /// <inheritdoc/>
    public sealed override IEnumerable<RequiredPermission> Permissions(RunbookStep step, WorkloadPlan plan) => Permissions(Of(step), plan);

    /// <inheritdoc/>
    public sealed override string Describe(RunbookStep step, WorkloadPlan plan) => Describe(Of(step), plan);

    /// <inheritdoc/>
    public sealed override IEnumerable<string> AzCommands(RunbookStep step, WorkloadPlan plan) => AzCommands(Of(step), plan);

    /// <inheritdoc cref="StepKind.Estimate"/>
    protected abstract TimeSpan Estimate(TStep step, WorkloadPlan plan);

    /// <inheritdoc cref="StepKind.Least"/>
    protected virtual TimeSpan Least(TStep step, WorkloadPlan plan) => TimeSpan.Zero;

    /// <inheritdoc cref="StepKind.Mistakes"/>
    protected virtual IEnumerable<string> Mistakes(TStep step, WorkloadPlan plan) => [];

    /// <inheritdoc cref="StepKind.Effect"/>
    protected abstract StepEffect Effect(TStep step);

    /// <inheritdoc cref="StepKind.WhyNotRepeatable"/>
    protected virtual string? WhyNotRepeatable(TStep step) => null;

    /// <inheritdoc cref="StepKind.Permissions"/>
    protected abstract IEnumerable<RequiredPermission> Permissions(TStep step, WorkloadPlan plan);

    /// <inheritdoc cref="StepKind.Describe"/>
    protected abstract string Describe(TStep step, WorkloadPlan plan);

    /// <inheritdoc cref="StepKind.AzCommands"/>
    protected abstract IEnumerable<string> AzCommands(TStep step, WorkloadPlan plan);

    private static TStep Of(RunbookStep step) =>
        step as TStep ?? throw new ArgumentException($"A {typeof(TStep).Name} was expected, found {step?.GetType().Name ?? "null"}.", nameof(step));
}
