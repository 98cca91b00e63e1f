using DrFunctions.Recovery.WebApps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.StopWebApp;

/// <summary>Stops a region's web app, unless users are there.</summary>
internal sealed class StopWebAppRunner(IWebApps webApps, WorkloadStates states) : StepRunner<StopWebAppStep>
{
    private const string StateFact = "stateBefore";
    private const string Missing = "WebAppMissing";
    private const string MissingHint = "Correct the plan's webApp, or leave the step out.";

    /// <inheritdoc/>
    public override async Task<IReadOnlyDictionary<string, string>> ChooseAsync(StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var region = context.Plan.RegionOf(((StopWebAppStep)context.Step).Region);
        return await webApps.ReadStateAsync(region.WebApp, cancellationToken) is { } state
            ? new Dictionary<string, string> { [StateFact] = state }
            : [];
    }

    /// <inheritdoc/>
    protected override async Task<StepCheck> PrecheckAsync(StopWebAppStep step, StepContext context, CancellationToken cancellationToken)
    {
        var region = context.Plan.RegionOf(step.Region);
        return await webApps.ReadStateAsync(region.WebApp, cancellationToken) is { } state
            ? StepCheck.Ok($"{region.WebApp.Name} in {region.Name} is '{state}'")
            : StepCheck.Failed(Missing, $"The web app '{region.WebApp}' does not exist.", MissingHint);
    }

    /// <inheritdoc/>
    protected override async Task<StepAttempt> AttemptAsync(StopWebAppStep step, StepContext context, CancellationToken cancellationToken)
    {
        var region = context.Plan.RegionOf(step.Region);
        var state = await webApps.ReadStateAsync(region.WebApp, cancellationToken);
        if (state is null)
        {
            return StepAttempt.Failed(Missing, $"The web app '{region.WebApp}' does not exist.", MissingHint);
        }

        if (IsStopped(state))
        {
            return StepAttempt.Done($"{region.WebApp.Name} in {region.Name} is stopped");
        }

        var workload = await states.ReadAsync(context.Plan.Workload, cancellationToken);
        if (context.Plan.HasUsersIn(step.Region, workload) || workload.Arriving)
        {
            return StepAttempt.Failed(
                "RegionIsActive",
                $"{region.WebApp.Name} is not stopped: users are, or may be, in {region.Name}.",
                "Move the users away first, or use a fence.");
        }

        await context.EnsureCurrentAsync(cancellationToken);
        await webApps.StopAsync(region.WebApp, cancellationToken);
        return StepAttempt.Again(
            "StopPending", $"{region.WebApp.Name} in {region.Name} was told to stop", TimeSpan.FromSeconds(1), "Stop the web app by hand.");
    }

    /// <inheritdoc/>
    protected override async Task<StepAttempt> UndoAsync(StopWebAppStep step, StepContext context, CancellationToken cancellationToken)
    {
        var region = context.Plan.RegionOf(step.Region);
        if (!context.Chosen.TryGetValue(StateFact, out var before) || IsStopped(before))
        {
            return StepAttempt.Done($"{region.WebApp.Name} in {region.Name} did not run before, and stays as it is");
        }

        if (!IsStopped(await webApps.ReadStateAsync(region.WebApp, cancellationToken)))
        {
            return StepAttempt.Done($"{region.WebApp.Name} in {region.Name} runs");
        }

        await context.EnsureCurrentAsync(cancellationToken);
        await webApps.StartAsync(region.WebApp, cancellationToken);
        return StepAttempt.Again(
            "StartPending", $"{region.WebApp.Name} in {region.Name} was told to start", TimeSpan.FromSeconds(1), "Start the web app by hand.");
    }

    private static bool IsStopped(string? state) => string.Equals(state, "Stopped", StringComparison.OrdinalIgnoreCase);
}
