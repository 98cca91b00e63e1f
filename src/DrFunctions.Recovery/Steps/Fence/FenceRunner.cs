using DrFunctions.Recovery.WebApps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Fence;

/// <summary>Stops the old primary's web app, and takes only Resource Manager's word that it is stopped for the fence.</summary>
internal sealed class FenceRunner(IWebApps webApps, WorkloadStates states) : StepRunner<FenceStep>
{
    private const string StateFact = "stateBefore";

    /// <inheritdoc/>
    public override async Task<IReadOnlyDictionary<string, string>> ChooseAsync(StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var region = context.Plan.RegionOf(((FenceStep)context.Step).Region);
        var state = await webApps.ReadStateAsync(region.WebApp, cancellationToken);
        return state is null ? [] : new Dictionary<string, string> { [StateFact] = state };
    }

    /// <inheritdoc/>
    protected override async Task<StepCheck> PrecheckAsync(FenceStep step, StepContext context, CancellationToken cancellationToken)
    {
        var region = context.Plan.RegionOf(step.Region);
        return await webApps.ReadStateAsync(region.WebApp, cancellationToken) is { } state
            ? StepCheck.Ok($"{region.WebApp.Name} in {region.Name} is '{state}'")
            : StepCheck.Failed(Missing, MissingMessage(region), MissingHint);
    }

    /// <inheritdoc/>
    protected override async Task<StepAttempt> AttemptAsync(FenceStep step, StepContext context, CancellationToken cancellationToken)
    {
        var region = context.Plan.RegionOf(step.Region);
        var state = await webApps.ReadStateAsync(region.WebApp, cancellationToken);
        if (state is not null && !IsStopped(state))
        {
            await context.EnsureCurrentAsync(cancellationToken);
            await webApps.StopAsync(region.WebApp, cancellationToken);
            state = await webApps.ReadStateAsync(region.WebApp, cancellationToken);
        }

        return state switch
        {
            { } when IsStopped(state) => StepAttempt.Done($"Resource Manager confirms that {region.WebApp.Name} in {region.Name} is stopped"),

            // A site that is not there may be a plan with the wrong id, while the real writer goes on.
            null => StepAttempt.Failed(Missing, MissingMessage(region), MissingHint),
            _ => StepAttempt.Again(
                "FencePending",
                $"{region.WebApp.Name} in {region.Name} is '{state}', expected 'Stopped'",
                TimeSpan.FromSeconds(2),
                "Stop the web app by hand, then start the run again."),
        };
    }

    /// <inheritdoc/>
    protected override async Task<StepAttempt> UndoAsync(FenceStep step, StepContext context, CancellationToken cancellationToken)
    {
        var region = context.Plan.RegionOf(step.Region);
        if (!context.Chosen.TryGetValue(StateFact, out var before) || IsStopped(before))
        {
            return StepAttempt.Done($"{region.WebApp.Name} in {region.Name} was stopped before, and stays so");
        }

        // Two regions that both take writes cannot be merged again.
        var state = await states.ReadAsync(context.Plan.Workload, cancellationToken);
        if (!context.Plan.HasUsersIn(step.Region, state) || state.Arriving)
        {
            return StepAttempt.Failed(
                "RegionNotActive",
                $"{region.WebApp.Name} in {region.Name} is not started: users are, or may be, in {context.Plan.RegionOf(state.Active).Name}.",
                "Move the users back first; undo the traffic step.");
        }

        if (!IsStopped(await webApps.ReadStateAsync(region.WebApp, cancellationToken)))
        {
            return StepAttempt.Done($"{region.WebApp.Name} in {region.Name} runs");
        }

        await context.EnsureCurrentAsync(cancellationToken);
        await webApps.StartAsync(region.WebApp, cancellationToken);
        return IsStopped(await webApps.ReadStateAsync(region.WebApp, cancellationToken))
            ? StepAttempt.Again(
                "UnfencePending",
                $"{region.WebApp.Name} in {region.Name} is still 'Stopped'",
                TimeSpan.FromSeconds(2),
                "Start the web app by hand.")
            : StepAttempt.Done($"{region.WebApp.Name} in {region.Name} was started again");
    }

    private const string Missing = "FenceTargetMissing";

    private const string MissingHint = "Correct the plan's webApp, or fence the region by hand and start a run without this step.";

    private static string MissingMessage(Region region) =>
        $"The web app '{region.WebApp}' does not exist, so nothing confirms that {region.Name} is fenced.";

    private static bool IsStopped(string? state) => string.Equals(state, "Stopped", StringComparison.OrdinalIgnoreCase);
}
