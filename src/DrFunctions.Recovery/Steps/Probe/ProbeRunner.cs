using System.Globalization;
using DrFunctions.Recovery.Probes;

namespace DrFunctions.Recovery.Steps.Probe;

/// <summary>Asks once an attempt, and remembers in a note how many good answers came in a row.</summary>
internal sealed class ProbeRunner(IOutsideProbe probe, StepNotes notes, TimeProvider time) : StepRunner<ProbeStep>
{
    private const string TimesFact = "times";
    private const string LastFact = "last";

    // An answer that is older than this many pauses is no neighbour of the next one: the app was away in between.
    private const int Neighbours = 3;

    /// <inheritdoc/>
    protected override async Task<StepAttempt> AttemptAsync(ProbeStep step, StepContext context, CancellationToken cancellationToken)
    {
        var seen = await notes.ReadAsync(context, cancellationToken);
        var (target, now) = (step.Target(context.Plan), time.GetUtcNow());
        var (times, last) = seen?.Value.BegunAt == context.BegunAt ? Read(seen.Value.Facts) : (0, DateTimeOffset.MinValue);
        if (now - last > (Neighbours * step.Every) + context.Plan.Incidents.ProbeTimeout)
        {
            times = 0;
        }
        else if (times > 0 && now >= last && now - last < step.Every)
        {
            return Again(step, target, times, "well already", step.Every - (now - last)); // A second attempt beside the first counts nothing twice.
        }

        var answer = await (step.IsTcp
            ? probe.ConnectAsync(target, context.Plan.Incidents.ProbeTimeout, cancellationToken)
            : probe.GetAsync(target, context.Plan.Incidents.ProbeTimeout, cancellationToken));
        times = (step.IsTcp ? answer.IsConnected : answer.Status == step.Status) ? times + 1 : 0;
        if (times >= step.Times)
        {
            return StepAttempt.Done($"{target.OriginalString} answered {answer.Summary}, {times} times in a row as expected");
        }

        var facts = new Dictionary<string, string>
        {
            [TimesFact] = times.ToString(CultureInfo.InvariantCulture),
            [LastFact] = now.ToString("O", CultureInfo.InvariantCulture),
        };
        _ = await notes.TryWriteAsync(context, facts, seen, cancellationToken);
        return Again(step, target, times, answer.Summary, step.Every);
    }

    private static StepAttempt Again(ProbeStep step, Uri target, int times, string found, TimeSpan after) => StepAttempt.Again(
        "ProbePending",
        string.Create(CultureInfo.InvariantCulture, $"{target.OriginalString} answered {found}; {times} of {step.Times} answers in a row {(step.IsTcp ? "that accept a connection" : $"with status {step.Status}")}"),
        after,
        "Look at what answers there; then retry the step.");

    private static (int Times, DateTimeOffset Last) Read(IReadOnlyDictionary<string, string> facts) =>
        int.TryParse(facts.GetValueOrDefault(TimesFact), NumberStyles.None, CultureInfo.InvariantCulture, out var times)
        && DateTimeOffset.TryParseExact(facts.GetValueOrDefault(LastFact), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var last)
            ? (times, last)
            : (0, DateTimeOffset.MinValue);
}
