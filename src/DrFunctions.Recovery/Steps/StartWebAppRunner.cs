using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.WebApps;

namespace DrFunctions.Recovery.Steps;

/// <summary>Starts a region's web app and waits until its health answers 200.</summary>
public sealed class StartWebAppRunner(IWebApps webApps, IOutsideProbe probe) : StepRunner<StartWebAppStep>
{
    /// <inheritdoc/>
    protected override async Task<StepAttempt> AttemptAsync(
        StartWebAppStep step, StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(context);
        var region = context.Plan.RegionOf(step.Region);
        var state = await webApps.ReadStateAsync(region.WebApp, cancellationToken);
        if (state is null)
        {
            return StepAttempt.Failed(
                "WebAppMissing",
                $"The web app '{region.WebApp}' does not exist.",
                "Deploy it, or correct the plan's webApp; then start the run again.");
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
}
