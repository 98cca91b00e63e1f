using System.Collections.Concurrent;
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
/// <remarks>
/// DNS is asked every second, the profile only every <see cref="Memory"/>: what it says of the region's names hardly ever changes while a
/// proof waits, and Resource Manager allows few reads to all the runs of a lost region.
/// </remarks>
internal sealed class ProveRunner(
    IOutsideProbe probe, IResolverProbe resolvers, ITrafficManager trafficManager, IDocumentStore documents, RunJournal journal, TimeProvider time)
    : StepRunner<ProveStep>
{
    private const int MostKnown = 4096;

    private const string Missing = "EndpointMissing";
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);
    private const string MissingHint = "Correct the plan's traffic.endpoints.";

    private readonly ConcurrentDictionary<(string RunId, int Step, long Occasion), Known> _known = new();

    /// <summary>How old what the profile says may be.</summary>
    public static TimeSpan Memory { get; } = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    protected override async Task<StepCheck> PrecheckAsync(ProveStep step, StepContext context, CancellationToken cancellationToken)
    {
        var (profile, targets) = await SeeAsync(step, context, cancellationToken);
        return targets.Count > 0
            ? StepCheck.Ok($"{context.Plan.Traffic.Check.Host} must lead to {string.Join(" or ", targets)}")
            : StepCheck.Failed(Missing, MissingMessage(step, context, profile), MissingHint);
    }

    /// <inheritdoc/>
    protected override async Task<StepAttempt> AttemptAsync(ProveStep step, StepContext context, CancellationToken cancellationToken)
    {
        var attempt = await LookAsync(step, context, cancellationToken);
        if (attempt.Outcome != StepOutcome.Again)
        {
            _known.TryRemove(KeyOf(context), out _);
        }

        return attempt;
    }

    private async Task<StepAttempt> LookAsync(ProveStep step, StepContext context, CancellationToken cancellationToken)
    {
        var traffic = context.Plan.Traffic;
        var (profile, targets) = await RecallAsync(step, context, cancellationToken);
        if (targets.Count == 0)
        {
            return StepAttempt.Failed(Missing, MissingMessage(step, context, profile), MissingHint);
        }

        var target = string.Join(" or ", targets);
        var (seen, answers) = await ObserveAsync(context, targets, cancellationToken);
        var pending = answers.FirstOrDefault(one => one.Failure is null && !SwitchObservation.LeadsTo(one, targets))
            ?? (answers.Any(one => SwitchObservation.LeadsTo(one, targets)) ? null : answers[0]);
        if (pending is not null)
        {
            return Pending(
                $"{traffic.Check.Host} leads to {Path(pending)} at the resolver {pending.Resolver}, expected '{target}'{Remark(pending, profile, seen)}");
        }

        if (seen.Unchanged.FirstOrDefault() is { } silent && time.GetUtcNow() < seen.Since + profile.TimeToLive + Margin)
        {
            return Pending($"the resolver {silent} does not answer; it is waited for until caches have ended");
        }

        var answer = await probe.GetAsync(traffic.Check, context.Plan.Incidents.ProbeTimeout, cancellationToken);
        if (!answer.Names.Any(name => targets.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            return Pending($"{traffic.Check.Host} leads to {Path(answer)}, expected '{target}'");
        }

        return answer.IsHealthy
            ? StepAttempt.Done(
                $"{traffic.Check} leads to {target} ({answer.Address}) and answers {answer.Summary}{Silent(seen)}",
                new Dictionary<string, string>(seen.Facts()) { ["canonicalName"] = target, ["address"] = answer.Address?.ToString() ?? "" })
            : StepAttempt.Again(
                "AnswerPending",
                $"{traffic.Check} leads to {target}, which answered {answer.Summary}, expected 200",
                TimeSpan.FromSeconds(1),
                $"Look at the web app's log in {context.Plan.RegionOf(step.Region).Name}.");
    }

    // A cache is waited for, one that keeps what has ended too, and one that says what the profile never said: which it is says whom to ask.
    private string Remark(ResolverAnswer answer, TrafficProfile profile, SwitchObservation seen)
    {
        var late = time.GetUtcNow() - (seen.Since + profile.TimeToLive + Margin);
        return answer.Failure is not null || profile.Endpoints.Any(one => one.Kind == EndpointKind.Nested) || SwitchObservation.LeadsTo(answer, [.. profile.Endpoints.Select(one => one.Target.TrimEnd('.'))])
            ? late > TimeSpan.Zero ? FormattableString.Invariant($"; it keeps what ended {late.TotalSeconds:0} s ago, the time to live and a margin included") : ""
            : "; no endpoint of the profile has that name";
    }

    private static StepAttempt Pending(string summary) => StepAttempt.Again(
        "DnsPending", summary, TimeSpan.FromSeconds(1), "Look at the profile's endpoints and at who else writes it.");

    private async Task<(SwitchObservation Seen, IReadOnlyList<ResolverAnswer> Answers)> ObserveAsync(
        StepContext context, IReadOnlyList<string> targets, CancellationToken cancellationToken)
    {
        var key = FormattableString.Invariant($"runs/{context.Run.RunId}/proofs/{context.Index}");
        var stored = _known.GetValueOrDefault(KeyOf(context))?.Seen ?? await documents.ReadAsync<SwitchObservation>(key, cancellationToken);
        var before = stored?.Value
            ?? new SwitchObservation(1, await FindMoveAsync(context, cancellationToken) ?? context.BegunAt, new Dictionary<string, DateTimeOffset?>());
        var answers = await resolvers.AskEachAsync(context.Plan.Traffic.Check.Host, context.Plan.Incidents.ProbeTimeout, cancellationToken);
        var seen = before.With(answers, targets, time.GetUtcNow());
        if (stored is null || seen != before)
        {
            // A lost race is another attempt's look, a moment ago.
            _ = await documents.TryWriteAsync(key, seen, stored, cancellationToken);
            stored = null;
        }

        if (_known.TryGetValue(KeyOf(context), out var known))
        {
            _known[KeyOf(context)] = known with { Seen = stored };
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
        var entries = await journal.ReadAsync(context.Run.RunId, cancellationToken);
        return entries.LastOrDefault(entry => entry is { Kind: JournalKind.StepCompleted, Step: { } index } && moves.Contains(index))?.At;
    }

    private static (string RunId, int Step, long Occasion) KeyOf(StepContext context) => (context.Run.RunId, context.Index, context.Occasion);

    // The profile, and the names of the region in it.
    private async Task<(TrafficProfile Profile, IReadOnlyList<string> Targets)> RecallAsync(
        ProveStep step, StepContext context, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(KeyOf(context), out var known) && time.GetElapsedTime(known.At) < Memory)
        {
            return (known.Profile, known.Targets);
        }

        var at = time.GetTimestamp();
        var (profile, targets) = await SeeAsync(step, context, cancellationToken);
        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }

        _known[KeyOf(context)] = new Known(profile, targets, at, known?.Seen);
        return (profile, targets);
    }

    private Task<(TrafficProfile Profile, IReadOnlyList<string> Targets)> SeeAsync(
        ProveStep step, StepContext context, CancellationToken cancellationToken) => context.SeeAsync(context.Plan.Traffic.Profile, async () =>
    {
        var profile = await trafficManager.ReadAsync(context.Plan.Traffic.Profile, cancellationToken);
        return (profile, profile.EndpointNamed(context.Plan.Traffic.EndpointOf(step.Region)) is { } endpoint
            ? await RegionTargets.ReadAsync(trafficManager, endpoint, context.Plan.RegionOf(step.Region), cancellationToken)
            : []);
    });

    private static string MissingMessage(ProveStep step, StepContext context, TrafficProfile profile)
    {
        var name = context.Plan.Traffic.EndpointOf(step.Region);
        return profile.EndpointNamed(name) is null
            ? $"The profile '{profile.Id.Name}' has no endpoint '{name}'."
            : $"No endpoint of the nested profile behind '{name}' leads to {context.Plan.RegionOf(step.Region).Name}.";
    }

    private static string Silent(SwitchObservation seen) =>
        seen.Unchanged.Any() ? $"; not seen, because they do not answer: {string.Join(", ", seen.Unchanged)}" : "";

    private static string Path(ProbeResult answer) => Path(answer.Names, answer.Summary);

    private static string Path(ResolverAnswer answer) => Path(answer.Names, answer.Failure ?? "no answer");

    private static string Path(IReadOnlyList<string> names, string failure) =>
        names.Count > 0 ? $"'{string.Join("' and '", names)}'" : $"no name: {failure}";

    /// <param name="Profile">As it was read.</param>
    /// <param name="Targets">The region's names in it.</param>
    /// <param name="At">When, as a timestamp of the time provider.</param>
    /// <param name="Seen">What the last look left as it was; null when it is to be read.</param>
    private sealed record Known(TrafficProfile Profile, IReadOnlyList<string> Targets, long At, Stored<SwitchObservation>? Seen);
}
