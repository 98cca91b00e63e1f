using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Routing;

namespace DrFunctions.Recovery.Steps.Prove;

/// <summary>
/// Proves from outside that users reach the region: every resolver that answers leads the users' name to the region's endpoint, and a
/// request to what DNS answered comes back with 200. A resolver that is silent is waited for as long as caches live, and then said
/// to be unknown. When each resolver was first seen to have changed is kept.
/// </summary>
internal sealed class ProveRunner(
    IOutsideProbe probe, IResolverProbe resolvers, ITrafficManager trafficManager, IDocumentStore documents, TimeProvider time)
    : StepRunner<ProveStep>
{
    private const string Missing = "EndpointMissing";
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);
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

        var target = endpoint.Target.TrimEnd('.');
        var (seen, answers) = await ObserveAsync(context, target, cancellationToken);
        var pending = answers.FirstOrDefault(one => one.Failure is null && !SwitchObservation.LeadsTo(one, target))
            ?? (answers.Any(one => SwitchObservation.LeadsTo(one, target)) ? null : answers[0]);
        if (pending is not null)
        {
            return Pending($"{traffic.Check.Host} leads to {Path(pending)} at the resolver {pending.Resolver}, expected '{target}'");
        }

        if (seen.Unchanged.FirstOrDefault() is { } silent && time.GetUtcNow() < seen.Since + profile.TimeToLive + Margin)
        {
            return Pending($"the resolver {silent} does not answer; it is waited for until caches have ended");
        }

        var answer = await probe.GetAsync(traffic.Check, context.Plan.Incidents.ProbeTimeout, cancellationToken);
        if (!answer.Names.Contains(target, StringComparer.OrdinalIgnoreCase))
        {
            return Pending($"{traffic.Check.Host} leads to {Path(answer)}, expected '{target}'");
        }

        return answer.IsHealthy
            ? StepAttempt.Done(
                $"{traffic.Check} leads to {target} ({answer.Address}) and answers {answer.Summary}",
                new Dictionary<string, string>(seen.Facts()) { ["canonicalName"] = target, ["address"] = answer.Address?.ToString() ?? "" })
            : StepAttempt.Again(
                "AnswerPending",
                $"{traffic.Check} leads to {target}, which answered {answer.Summary}, expected 200",
                TimeSpan.FromSeconds(1),
                $"Look at the web app's log in {context.Plan.RegionOf(step.Region).Name}.");
    }

    private static StepAttempt Pending(string summary) => StepAttempt.Again(
        "DnsPending", summary, TimeSpan.FromSeconds(1), "Look at the profile's endpoints and at who else writes it.");

    private async Task<(SwitchObservation Seen, IReadOnlyList<ResolverAnswer> Answers)> ObserveAsync(
        StepContext context, string target, CancellationToken cancellationToken)
    {
        var key = FormattableString.Invariant($"runs/{context.Run.RunId}/proofs/{context.Index}");
        var stored = await documents.ReadAsync<SwitchObservation>(key, cancellationToken);
        var before = stored?.Value
            ?? new SwitchObservation(1, await FindMoveAsync(context, cancellationToken) ?? context.BegunAt, new Dictionary<string, DateTimeOffset?>());
        var answers = await resolvers.AskEachAsync(context.Plan.Traffic.Check.Host, context.Plan.Incidents.ProbeTimeout, cancellationToken);
        var seen = before.With(answers, target, time.GetUtcNow());
        if (stored is null || seen != before)
        {
            // A lost race is another attempt's look, a moment ago.
            _ = await documents.TryWriteAsync(key, seen, stored, cancellationToken);
        }

        return (seen, answers);
    }

    private async Task<DateTimeOffset?> FindMoveAsync(StepContext context, CancellationToken cancellationToken)
    {
        var moves = context.Plan.Runbooks[context.Run.Runbook].Steps
            .Select((step, index) => (Step: step, Index: index))
            .Where(one => one.Index < context.Index && one.Step is (IMovesUsers or ISharesUsers))
            .Select(one => one.Index)
            .ToHashSet();
        var entries = await new RunJournal(documents).ReadAsync(context.Run.RunId, cancellationToken);
        return entries.LastOrDefault(entry => entry is { Kind: JournalKind.StepCompleted, Step: { } index } && moves.Contains(index))?.At;
    }

    private static TrafficEndpoint? Endpoint(ProveStep step, StepContext context, TrafficProfile profile) => profile.Endpoints.FirstOrDefault(
        endpoint => string.Equals(endpoint.Name, context.Plan.Traffic.EndpointOf(step.Region), StringComparison.OrdinalIgnoreCase));

    private static string MissingMessage(ProveStep step, StepContext context, TrafficProfile profile) =>
        $"The profile '{profile.Id.Name}' has no endpoint '{context.Plan.Traffic.EndpointOf(step.Region)}'.";

    private static string Path(ProbeResult answer) => Path(answer.Names, answer.Summary);

    private static string Path(ResolverAnswer answer) => Path(answer.Names, answer.Failure ?? "no answer");

    private static string Path(IReadOnlyList<string> names, string failure) =>
        names.Count > 0 ? $"'{string.Join("' and '", names)}'" : $"no name: {failure}";
}
