using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.WebApps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.StartWebApp;

/// <summary>Starts a region's web app and waits until its health answers 200.</summary>
internal sealed class StartWebAppRunner(IWebApps webApps, WorkloadStates states, IOutsideProbe probe) : StepRunner<StartWebAppStep>
{
    private const string StateFact = "stateBefore";
    private const string Missing = "WebAppMissing";
    private const string MissingHint = "Deploy it, or correct the plan's webApp; then start the run again.";

    /// <inheritdoc/>
    public override async Task<IReadOnlyDictionary<string, string>> ChooseAsync(StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var region = context.Plan.RegionOf(((StartWebAppStep)context.Step).Region);
        return await SeeAsync(context, region, cancellationToken) is { } state
            ? new Dictionary<string, string> { [StateFact] = state }
            : [];
    }

    /// <inheritdoc/>
    protected override async Task<StepCheck> PrecheckAsync(StartWebAppStep step, StepContext context, CancellationToken cancellationToken)
    {
        var region = context.Plan.RegionOf(step.Region);
        return await SeeAsync(context, region, cancellationToken) is { } state
            ? StepCheck.Ok($"{region.WebApp.Name} in {region.Name} is '{state}'")
            : StepCheck.Failed(Missing, $"The web app '{region.WebApp}' does not exist.", MissingHint);
    }

    /// <inheritdoc/>
    protected override async Task<StepAttempt> AttemptAsync(
        StartWebAppStep step, StepContext context, CancellationToken cancellationToken)
    {
        var region = context.Plan.RegionOf(step.Region);
        var state = await SeeAsync(context, region, cancellationToken);
        if (state is null)
        {
            return StepAttempt.Failed(Missing, $"The web app '{region.WebApp}' does not exist.", MissingHint);
        }

        if (!string.Equals(state, "Running", StringComparison.OrdinalIgnoreCase))
        {
            await context.EnsureCurrentAsync(cancellationToken);
            await webApps.StartAsync(region.WebApp, cancellationToken);
        }

        var answer = await probe.GetAsync(region.Health, context.Plan.Incidents.ProbeTimeout, cancellationToken);
        return answer.IsHealthy
            ? StepAttempt.Done($"{region.WebApp.Name} in {region.Name} runs and answers {answer.Summary}")
            : StepAttempt.Again(
                "HealthPending",
                $"{region.Health} answered {answer.Summary}, expected 200",
                TimeSpan.FromSeconds(1),
                $"Look at the web app's log in {region.Name}; then start the run again.");
    }

    /// <inheritdoc/>
    protected override async Task<StepAttempt> UndoAsync(StartWebAppStep step, StepContext context, CancellationToken cancellationToken)
    {
        var region = context.Plan.RegionOf(step.Region);
        if (!IsStopped(context.Chosen.GetValueOrDefault(StateFact)))
        {
            return StepAttempt.Done($"{region.WebApp.Name} in {region.Name} was not stopped before, and stays as it is");
        }

        var state = await states.ReadAsync(context.Plan.Workload, cancellationToken);
        if (context.Plan.HasUsersIn(step.Region, state) || state.Arriving)
        {
            return StepAttempt.Failed(
                "RegionIsActive",
                $"{region.WebApp.Name} is not stopped: users are, or may be, in {region.Name}.",
                "Move the users away first; undo the traffic step.");
        }

        if (IsStopped(await webApps.ReadStateAsync(region.WebApp, cancellationToken)))
        {
            return StepAttempt.Done($"{region.WebApp.Name} in {region.Name} is stopped again");
        }

        await context.EnsureCurrentAsync(cancellationToken);
        await webApps.StopAsync(region.WebApp, cancellationToken);
        return StepAttempt.Again(
            "StopPending",
            $"{region.WebApp.Name} in {region.Name} was told to stop",
            TimeSpan.FromSeconds(1),
            "Stop the web app by hand.");
    }

    private Task<string?> SeeAsync(StepContext context, Region region, CancellationToken cancellationToken) =>
        context.SeeAsync(region.WebApp, () => webApps.ReadStateAsync(region.WebApp, cancellationToken));

    private static bool IsStopped(string? state) => string.Equals(state, "Stopped", StringComparison.OrdinalIgnoreCase);
}
