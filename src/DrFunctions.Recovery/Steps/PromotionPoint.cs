using System.Globalization;
using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Fences.FailoverGroup;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps;

/// <summary>Until when a promotion brings the data of its stores along: chosen before it is asked for, and kept with the request.</summary>
internal static class PromotionPoint
{
    /// <summary>
    /// The facts for the journal. A promotion without loss brings everything along that was written before it began, and a fence before
    /// it saw to it that nothing was written since. One with loss brings what was last known to have arrived; nobody knowing stays so.
    /// </summary>
    /// <param name="context">The step, before anything is sent.</param>
    /// <param name="step">What it promotes.</param>
    /// <param name="isLossless">Whether it waits until everything has arrived.</param>
    /// <param name="lag">Says what has arrived.</param>
    /// <param name="told">What the service itself said just now; null when it said nothing.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public static async Task<Dictionary<string, string>> ChooseAsync(
        StepContext context, IPromotesRegion step, bool isLossless, LagSampler lag, DateTimeOffset? told, CancellationToken cancellationToken)
    {
        var stores = StoresOf(context, step);
        var facts = new Dictionary<string, string>();
        var point = isLossless ? stores.Count > 0 ? context.BegunAt : (DateTimeOffset?)null : told;
        if (!isLossless && stores.Exists(store => store.Fence is FailoverGroupFence))
        {
            // That fence is the planned failover itself: whoever forces goes without it, and what the old primary still takes is lost, too.
            facts[RunFacts.Overrides] = RunCommands.FenceRule;
            point = null;
        }
        else if (point is null && !isLossless)
        {
            point = await FindArrivedAsync(context, step, lag, cancellationToken);
        }

        if (point is { } time)
        {
            facts[RunFacts.RestorePoint] = time.ToString("O", CultureInfo.InvariantCulture);
            if (stores.Count > 0)
            {
                facts[RunFacts.Store] = string.Join(',', stores.Select(store => store.Name));
            }
        }

        return facts;
    }

    /// <summary>What was chosen, for the request that is sent.</summary>
    public static Dictionary<string, string> Chosen(StepContext context) => context.Chosen
        .Where(fact => fact.Key is RunFacts.RestorePoint or RunFacts.Store or RunFacts.Overrides)
        .ToDictionary(fact => fact.Key, fact => fact.Value);

    /// <summary>What a promotion with loss would lose now, as far as anybody knows; a clause without a full stop.</summary>
    public static async Task<string> ForeseeAsync(StepContext context, IPromotesRegion step, LagSampler lag, CancellationToken cancellationToken)
    {
        if (await FindArrivedAsync(context, step, lag, cancellationToken) is not { } arrived)
        {
            return "what has not arrived would be lost, and how much that is nobody knows";
        }

        var loss = context.BegunAt > arrived ? context.BegunAt - arrived : TimeSpan.Zero;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"what has not arrived would be lost: the last {loss.TotalSeconds:0} s, the RPO is {context.Plan.Objectives.Rpo.TotalSeconds:0} s");
    }

    private static async Task<DateTimeOffset?> FindArrivedAsync(
        StepContext context, IPromotesRegion step, LagSampler lag, CancellationToken cancellationToken)
    {
        var known = new List<DateTimeOffset?>();
        foreach (var store in StoresOf(context, step))
        {
            known.Add(await lag.FindLastGoodAsync(context.Plan, store, step.Region, cancellationToken));
        }

        return known.Contains(null) ? null : known.Min();
    }

    private static List<DataStore> StoresOf(StepContext context, IPromotesRegion step) => [.. context.Plan.Stores.Where(store => IsOf(store, step))];

    private static bool IsOf(DataStore store, IPromotesRegion step) => store switch
    {
        PostgresStore postgres => postgres.In(step.Region) == step.Promoted,
        SqlGroupStore group => group.In(step.Region) == step.Promoted,
        ContainerStore container => container.PrimaryAccount == step.Promoted || container.SecondaryAccount == step.Promoted,
        _ => false,
    };
}
