using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.WebApps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Fences.StopWebApp;

/// <summary>Stops the old primary's web app, and takes only Resource Manager's word that it is stopped for the fence.</summary>
internal sealed class StopWebAppWorker(IWebApps webApps) : FenceWorker<StopWebAppFence>
{
    private const string StateFact = "stateBefore";
    private const string Missing = "FenceTargetMissing";
    private const string MissingHint = "Correct the plan's webApp, or fence the region by hand and start a run without this step.";

    public override async Task<IReadOnlyDictionary<string, string>> ChooseAsync(FenceSite site, StepContext context, CancellationToken cancellationToken) =>
        await SeeAsync(site, context, cancellationToken) is { } state ? new Dictionary<string, string> { [StateFact] = state } : [];

    public override async Task<StepCheck> CheckAsync(FenceSite site, StepContext context, CancellationToken cancellationToken)
    {
        var region = site.Fenced;
        return await SeeAsync(site, context, cancellationToken) is { } state
            ? StepCheck.Ok($"{region.WebApp.Name} in {region.Name} is '{state}'")
            : StepCheck.Failed(Missing, MissingMessage(region), MissingHint);
    }

    public override async Task<StepAttempt> AttemptAsync(FenceSite site, StepContext context, CancellationToken cancellationToken)
    {
        var region = site.Fenced;
        var state = await SeeAsync(site, context, cancellationToken);
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

    public override string? FoundFenced(FenceSite site, StepContext context) =>
        !context.Chosen.TryGetValue(StateFact, out var before) || IsStopped(before)
            ? $"{site.Fenced.WebApp.Name} in {site.Fenced.Name} was stopped before, and stays so"
            : null;

    public override async Task<StepAttempt> UndoAsync(FenceSite site, StepContext context, CancellationToken cancellationToken)
    {
        var region = site.Fenced;
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

    private Task<string?> SeeAsync(FenceSite site, StepContext context, CancellationToken cancellationToken) =>
        context.SeeAsync(site.Fenced.WebApp, () => webApps.ReadStateAsync(site.Fenced.WebApp, cancellationToken));

    private static string MissingMessage(Region region) =>
        $"The web app '{region.WebApp}' does not exist, so nothing confirms that {region.Name} is fenced.";

    private static bool IsStopped(string? state) => string.Equals(state, "Stopped", StringComparison.OrdinalIgnoreCase);
}
