using DrFunctions.Recovery.Fences;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Fence;

/// <summary>
/// Carries out the fences of all stores, side by side, and is done only when each is confirmed: nothing behind the step goes on before.
/// </summary>
internal sealed class FenceRunner(IEnumerable<FenceWorker> workers, WorkloadStates states) : StepRunner<FenceStep>
{
    private static readonly TimeSpan TransientPause = TimeSpan.FromSeconds(2);
    private readonly Dictionary<Type, FenceWorker> _workers = workers.ToDictionary(worker => worker.FenceType);

    /// <inheritdoc/>
    public override async Task<IReadOnlyDictionary<string, string>> ChooseAsync(StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var facts = new Dictionary<string, string>();
        foreach (var site in FenceSite.Of(context.Plan, ((FenceStep)context.Step).Region))
        {
            foreach (var (name, value) in await WorkerOf(site).ChooseAsync(site, context, cancellationToken))
            {
                facts[$"{site.Store.Name}.{name}"] = value;
            }
        }

        return facts;
    }

    /// <inheritdoc/>
    protected override async Task<StepCheck> PrecheckAsync(FenceStep step, StepContext context, CancellationToken cancellationToken)
    {
        var found = new List<StepCheck>();
        foreach (var site in FenceSite.Of(context.Plan, step.Region))
        {
            found.Add(await WorkerOf(site).CheckAsync(site, Own(site, context), cancellationToken));
        }

        return found.Find(check => !check.IsOk) ?? StepCheck.Ok(string.Join("; ", found.Select(check => check.Message)));
    }

    /// <inheritdoc/>
    protected override Task<StepAttempt> AttemptAsync(FenceStep step, StepContext context, CancellationToken cancellationToken) =>
        AllAsync(FenceSite.Of(context.Plan, step.Region), context, (worker, site, own) => worker.AttemptAsync(site, own, cancellationToken));

    /// <inheritdoc/>
    protected override async Task<StepAttempt> UndoAsync(FenceStep step, StepContext context, CancellationToken cancellationToken)
    {
        var sites = FenceSite.Of(context.Plan, step.Region).Reverse().ToList();
        var found = sites.ToDictionary(site => site, site => WorkerOf(site).FoundFenced(site, Own(site, context)));
        if (found.Values.All(words => words is not null))
        {
            return StepAttempt.Done(string.Join("; ", found.Values));
        }

        // Two regions that both take writes cannot be merged again.
        var state = await states.ReadAsync(context.Plan.Workload, cancellationToken);
        if (!context.Plan.HasUsersIn(step.Region, state) || state.Arriving)
        {
            return StepAttempt.Failed(
                "RegionNotActive",
                $"{context.Plan.RegionOf(step.Region).Name} is not let write again: users are, or may be, in {context.Plan.RegionOf(state.Active).Name}.",
                "Move the users back first; undo the traffic step.");
        }

        return await AllAsync(sites, context, (worker, site, own) => found[site] is { } words
            ? Task.FromResult(StepAttempt.Done(words))
            : worker.UndoAsync(site, own, cancellationToken));
    }

    // One that fails, or that nobody answers for, does not keep the others from being carried out.
    private async Task<StepAttempt> AllAsync(
        IEnumerable<FenceSite> sites, StepContext context, Func<FenceWorker, FenceSite, StepContext, Task<StepAttempt>> attempt)
    {
        var all = new List<StepAttempt>();
        foreach (var site in sites)
        {
            try
            {
                all.Add(await attempt(WorkerOf(site), site, Own(site, context)));
            }
            catch (RecoveryException exception) when (exception.Code is not ("AttemptSuperseded" or "EpochSuperseded"))
            {
                all.Add(exception.IsTransient
                    ? StepAttempt.Again(exception.Code, exception.Message, exception.RetryAfter ?? TransientPause, exception.Hint)
                    : StepAttempt.Failed(exception.Code, exception.Message, exception.Hint));
            }
        }

        var summary = string.Join("; ", all.Select(one => one.Summary.TrimEnd('.')));
        return all.Find(one => one.Outcome == StepOutcome.Failed) is { } failed ? failed with { Summary = all.Count == 1 ? failed.Summary : $"{summary}." }
            : all.Where(one => one.Outcome == StepOutcome.Again).MinBy(one => one.After) is { } pending ? pending with { Summary = summary }
            : StepAttempt.Done(summary);
    }

    private FenceWorker WorkerOf(FenceSite site) => _workers[site.Store.Fence.GetType()];

    // The site's own facts; those without a store's name are of runs that began before there were several fences.
    private static StepContext Own(FenceSite site, StepContext context)
    {
        var own = new Dictionary<string, string>();
        foreach (var (name, value) in context.Chosen)
        {
            if (name.StartsWith($"{site.Store.Name}.", StringComparison.Ordinal))
            {
                own[name[(site.Store.Name.Length + 1)..]] = value;
            }
            else if (!name.Contains('.', StringComparison.Ordinal))
            {
                own.TryAdd(name, value);
            }
        }

        return context with { Chosen = own };
    }
}
