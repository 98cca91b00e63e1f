using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.WebApps;

namespace DrFunctions.Recovery.Steps;

/// <summary>Stops the old primary's web app, and takes only Resource Manager's word that it is stopped for the fence.</summary>
public sealed class FenceRunner(IWebApps webApps) : StepRunner<FenceStep>
{
    /// <inheritdoc/>
    protected override async Task<StepAttempt> AttemptAsync(FenceStep step, StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(context);
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
            null => StepAttempt.Failed(
                "FenceTargetMissing",
                $"The web app '{region.WebApp}' does not exist, so nothing confirms that {region.Name} is fenced.",
                "Correct the plan's webApp, or fence the region by hand and start a run without this step."),
            _ => StepAttempt.Again(
                "FencePending",
                $"{region.WebApp.Name} in {region.Name} is '{state}', expected 'Stopped'",
                TimeSpan.FromSeconds(2),
                "Stop the web app by hand, then start the run again."),
        };
    }

    private static bool IsStopped(string state) => string.Equals(state, "Stopped", StringComparison.OrdinalIgnoreCase);
}
