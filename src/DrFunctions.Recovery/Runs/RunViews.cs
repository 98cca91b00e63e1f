using System.Globalization;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Runbooks;

namespace DrFunctions.Recovery.Runs;

/// <summary>Folds a journal into what people read.</summary>
public static class RunViews
{
    /// <summary>Folds.</summary>
    /// <param name="entries">A journal from its first entry on, complete or not.</param>
    /// <exception cref="ArgumentException">There is no entry, or the first is not the run's beginning.</exception>
    public static RunView Of(IReadOnlyList<JournalEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Count == 0 || entries[0].Kind != JournalKind.RunStarted)
        {
            throw new ArgumentException("A journal begins with RunStarted.", nameof(entries));
        }

        var start = entries[0];
        var end = entries.FirstOrDefault(entry => entry.Kind == JournalKind.RunEnded);
        var state = end is null ? RunState.Running : Enum.Parse<RunState>(Required(end, "state"));
        var steps = Enumerable.Range(0, int.Parse(Required(start, "steps"), CultureInfo.InvariantCulture))
            .Select(index => Step(start, entries, index, end is not null))
            .ToList();
        return new RunView
        {
            RunId = start.RunId,
            Workload = Required(start, "workload"),
            Runbook = Required(start, "runbook"),
            Mode = Enum.Parse<RunMode>(Required(start, "mode")),
            PlanVersion = Required(start, "planVersion"),
            Epoch = long.Parse(Required(start, "epoch"), CultureInfo.InvariantCulture),
            State = state,
            StartedBy = Required(start, "startedBy"),
            Reason = Required(start, "reason"),
            StartedAt = start.At,
            EndedAt = end?.At,
            Steps = steps,
            Objectives = new ObjectivesView(Seconds(start, "rpoSeconds"), Seconds(start, "rtoSeconds")),
            Attained = Attained(start, entries, steps),
        };
    }

    private static StepView Step(JournalEntry start, IReadOnlyList<JournalEntry> entries, int index, bool runEnded)
    {
        var begun = entries.FirstOrDefault(entry => entry.Step == index && entry.Kind == JournalKind.StepStarted);
        var ended = entries.FirstOrDefault(entry => entry.Step == index && entry.Kind is JournalKind.StepCompleted or JournalKind.StepFailed);
        var state = ended switch
        {
            { Kind: JournalKind.StepCompleted } => StepState.Completed,
            { } => StepState.Failed,
            null when runEnded => StepState.Cancelled,
            null => begun is null ? StepState.Pending : StepState.Running,
        };
        var error = state == StepState.Failed
            ? new StepError(Required(ended!, "code"), Required(ended!, "message"), Required(ended!, "hint")) // Failed is only of an end.
            : null;
        return new StepView(
            index,
            Required(start, RunFacts.StepName(index)),
            Required(start, RunFacts.StepKind(index)),
            state,
            begun?.At,
            ended?.At,
            ended?.Fact("summary"),
            error);
    }

    private static AttainedView Attained(JournalEntry start, IReadOnlyList<JournalEntry> entries, List<StepView> steps)
    {
        var detected = Instant(start.Fact("detectedAt"));

        // Recovered is proven, not hoped: without a prove step that ended well after everything else, the time is unknown.
        var proof = steps.Count > 0 && steps.All(step => step.State == StepState.Completed)
            ? steps.LastOrDefault(step => step.Kind == StepKinds.Prove)
            : null;
        var rto = proof?.EndedAt - detected;

        var restored = entries
            .Where(entry => entry.Kind == JournalKind.StepCompleted && entry.Fact("restorePoint") is not null)
            .Select(entry => Instant(entry.Fact("restorePoint")))
            .Min();
        var fenced = steps.FirstOrDefault(step => step is { Kind: StepKinds.Fence, State: StepState.Completed })?.EndedAt;
        var rpo = fenced - restored;
        return new AttainedView(
            rto?.TotalSeconds,
            ObjectiveVerdicts.OfAttained(rto, TimeSpan.FromSeconds(Seconds(start, "rtoSeconds"))),
            rpo?.TotalSeconds,
            ObjectiveVerdicts.OfAttained(rpo, TimeSpan.FromSeconds(Seconds(start, "rpoSeconds"))),
            restored,
            detected);
    }

    private static DateTimeOffset? Instant(string? text) =>
        text is null ? null : DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture);

    private static double Seconds(JournalEntry entry, string fact) => double.Parse(Required(entry, fact), CultureInfo.InvariantCulture);

    private static string Required(JournalEntry entry, string fact) =>
        entry.Fact(fact) ?? throw new ArgumentException($"Entry {entry.Sequence} of '{entry.RunId}' lacks the fact '{fact}'.", nameof(entry));
}
