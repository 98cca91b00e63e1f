using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Runbooks;

namespace DrFunctions.Recovery.Steps;

/// <summary>
/// Proves from outside that users reach the region: DNS answers the users' name with the region's endpoint, and a request to
/// what DNS answered comes back with 200.
/// </summary>
public sealed class ProveRunner(IOutsideProbe probe, ITrafficManager trafficManager) : StepRunner<ProveStep>
{
    /// <inheritdoc/>
    protected override async Task<StepAttempt> AttemptAsync(ProveStep step, StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(context);
        var traffic = context.Plan.Traffic;
        var profile = await trafficManager.ReadAsync(traffic.Profile, cancellationToken);
        var name = traffic.EndpointOf(step.Region);
        var endpoint = profile.Endpoints.FirstOrDefault(e => string.Equals(e.Name, name, StringComparison.OrdinalIgnoreCase));
        if (endpoint is null)
        {
            return StepAttempt.Failed(
                "EndpointMissing", $"The profile '{profile.Id.Name}' has no endpoint '{name}'.", "Correct the plan's traffic.endpoints.");
        }

        var answer = await probe.GetAsync(traffic.Check, context.Plan.Incidents.ProbeTimeout, cancellationToken);
        if (!answer.Names.Contains(endpoint.Target.TrimEnd('.'), StringComparer.OrdinalIgnoreCase))
        {
            return StepAttempt.Again(
                "DnsPending",
                $"{traffic.Check.Host} leads to {Path(answer)}, expected '{endpoint.Target}'",
                TimeSpan.FromSeconds(1),
                "Look at the profile's endpoints and at who else writes it.");
        }

        return answer.IsHealthy
            ? StepAttempt.Done(
                $"{traffic.Check} leads to {endpoint.Target} ({answer.Address}) and answers {answer.Summary}",
                new Dictionary<string, string> { ["canonicalName"] = endpoint.Target, ["address"] = answer.Address?.ToString() ?? "" })
            : StepAttempt.Again(
                "AnswerPending",
                $"{traffic.Check} leads to {endpoint.Target}, which answered {answer.Summary}, expected 200",
                TimeSpan.FromSeconds(1),
                $"Look at the web app's log in {context.Plan.RegionOf(step.Region).Name}.");
    }

    private static string Path(ProbeResult answer) =>
        answer.Names.Count > 0 ? $"'{string.Join("' and '", answer.Names)}'" : $"no name: {answer.Summary}";
}
