using System.Globalization;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Runs;

/// <summary>Folds a journal into what people read.</summary>
public static class RunViews
{
    /// <summary>Folds.</summary>
    /// <param name="entries">A journal from its first entry on, complete or not.</param>
    /// <exception cref="ArgumentException">There is no entry, or the first is not the run's beginning.</exception>
    /// <exception cref="RecoveryException">An entry lacks a fact, or has one of another shape (<c>JournalUnreadable</c>).</exception>
    public static RunView Of(IReadOnlyList<JournalEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Count == 0 || entries[0].Kind != JournalKind.RunStarted)
        {
            throw new ArgumentException("A journal begins with RunStarted.", nameof(entries));
        }

        var start = entries[0];
        var end = entries.FirstOrDefault(entry => entry.Kind == JournalKind.RunEnded);
        var state = end is null ? RunState.Running : Parse<RunState>(end, "state", Enum.TryParse);
        var steps = Enumerable.Range(0, Parse<int>(start, "steps", TryCount))
            .Select(index => Step(start, entries, index, end is not null))
            .ToList();
        return new RunView
        {
            RunId = start.RunId,
            Workload = Required(start, "workload"),
            Runbook = Required(start, "runbook"),
            Mode = Parse<RunMode>(start, "mode", Enum.TryParse),
            PlanVersion = Required(start, "planVersion"),
            Epoch = Parse<long>(start, "epoch", long.TryParse),
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
        var detected = Parse<DateTimeOffset>(start, "detectedAt", TryInstant);

        // Recovered is proven, not hoped: without a proof after the last move, and all steps done, the time is unknown.
        var proof = steps.All(step => step.State == StepState.Completed) ? steps.LastOrDefault(step => Does<IProvesRegion>(step)) : null;
        var moved = steps.LastOrDefault(step => Does<IMovesUsers>(step));
        var rto = proof?.Index > (moved?.Index ?? -1) && proof.EndedAt >= detected ? proof.EndedAt - detected : null;

        // A store that was not restored has no restore point, and what is lost of it is unknown, however well the others did.
        var restores = entries.Where(entry => entry.Kind == JournalKind.StepCompleted && entry.Fact("restorePoint") is not null).ToList();
        var isWhole = Required(start, "stores").Split(',').All(store => restores.Any(entry => entry.Fact("store") == store));
        var restored = restores.Select(entry => (DateTimeOffset?)Parse<DateTimeOffset>(entry, "restorePoint", TryInstant)).Min();

        // Of several fences the last: until then something could still write.
        var fences = steps.Where(step => Does<IFencesRegion>(step)).ToList();
        var fenced = fences.All(step => step.State == StepState.Completed) ? fences.Max(step => step.EndedAt) : null;
        var rpo = isWhole ? fenced - restored : null;
        rpo = rpo < TimeSpan.Zero ? TimeSpan.Zero : rpo;
        return new AttainedView(
            rto?.TotalSeconds,
            ObjectiveVerdicts.OfAttained(rto, TimeSpan.FromSeconds(Seconds(start, "rtoSeconds"))),
            rpo?.TotalSeconds,
            ObjectiveVerdicts.OfAttained(rpo, TimeSpan.FromSeconds(Seconds(start, "rpoSeconds"))),
            restored,
            detected);
    }

    private static bool Does<TFacet>(StepView step) => StepKindCatalog.Find(step.Kind)?.StepType.IsAssignableTo(typeof(TFacet)) == true;

    private static double Seconds(JournalEntry entry, string fact) => Parse<double>(entry, fact, TrySeconds);

    private static string Required(JournalEntry entry, string fact) =>
        entry.Fact(fact) ?? throw Unreadable(entry, $"lacks the fact '{fact}'");

    private static T Parse<T>(JournalEntry entry, string fact, TryParse<T> parse) =>
        parse(Required(entry, fact), out var value)
            ? value
            : throw Unreadable(entry, $"has '{entry.Fact(fact)}' as its fact '{fact}', expected a {typeof(T).Name}");

    private static RecoveryException Unreadable(JournalEntry entry, string fault) => new(
        "JournalUnreadable",
        $"Entry {entry.Sequence} of the journal of '{entry.RunId}' {fault}.",
        isTransient: false,
        "Check the evidence; restore the entry from the mirror account.");

    private static bool TryCount(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is > 0 and <= 1000;

    private static bool TryInstant(string text, out DateTimeOffset value) =>
        DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out value);

    // What is no TimeSpan cannot be judged.
    private static bool TrySeconds(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
        && value > 0
        && value < TimeSpan.MaxValue.TotalSeconds;

    private delegate bool TryParse<T>(string text, out T value);
}
