using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Routing;

namespace DrFunctions.Recovery.Steps.Prove;

/// <summary>
/// Proves from outside that users reach the region: DNS answers the users' name with the region's endpoint, and a request to
/// what DNS answered comes back with 200.
/// </summary>
internal sealed class ProveRunner(IOutsideProbe probe, ITrafficManager trafficManager) : StepRunner<ProveStep>
{
    private const string Missing = "EndpointMissing";
    private const string MissingHint = "Correct the plan's traffic.endpoints.";

    /// <inheritdoc/>
    protected override async Task<StepCheck> PrecheckAsync(ProveStep step, StepContext context, CancellationToken cancellationToken)
    {
        var profile = await trafficManager.ReadAsync(context.Plan.Traffic.Profile, cancellationToken);
        return Endpoint(step, context, profile) is { } endpoint
            ? StepCheck.Ok($"{context.Plan.Traffic.Check.Host} must lead to {endpoint.Target}")
            : StepCheck.Failed(Missing, MissingMessage(step, context, profile), MissingHint);
    }

    /// <inheritdoc/>
    protected override async Task<StepAttempt> AttemptAsync(ProveStep step, StepContext context, CancellationToken cancellationToken)
    {
        var traffic = context.Plan.Traffic;
        var profile = await trafficManager.ReadAsync(traffic.Profile, cancellationToken);
        if (Endpoint(step, context, profile) is not { } endpoint)
        {
            return StepAttempt.Failed(Missing, MissingMessage(step, context, profile), MissingHint);
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

    private static TrafficEndpoint? Endpoint(ProveStep step, StepContext context, TrafficProfile profile) => profile.Endpoints.FirstOrDefault(
        endpoint => string.Equals(endpoint.Name, context.Plan.Traffic.EndpointOf(step.Region), StringComparison.OrdinalIgnoreCase));

    private static string MissingMessage(ProveStep step, StepContext context, TrafficProfile profile) =>
        $"The profile '{profile.Id.Name}' has no endpoint '{context.Plan.Traffic.EndpointOf(step.Region)}'.";

    private static string Path(ProbeResult answer) =>
        answer.Names.Count > 0 ? $"'{string.Join("' and '", answer.Names)}'" : $"no name: {answer.Summary}";
}
