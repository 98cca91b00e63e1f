using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Runs;

/// <summary>What each entry of a journal changes. Pure; an entry that makes no sense where it stands changes what it says.</summary>
internal static class RunFold
{
    public static RunProgress Begin(JournalEntry start) => new()
    {
        Start = start,
        Mode = start.Word<RunMode>(RunFacts.Mode),
        EndsOnFailure = start.Fact(RunFacts.OnFailure) == RunFacts.End,
        PauseLimit = TimeSpan.FromSeconds(start.Seconds(RunFacts.PauseLimit)),
        Steps = [.. Enumerable.Range(0, start.Count(RunFacts.Steps)).Select(index => Step(start, index))],
    };

    public static RunProgress Apply(RunProgress run, JournalEntry entry) => entry.Kind switch
    {
        JournalKind.StepStarted => Change(run, entry, step => step with
        {
            State = StepState.Running,
            Begun = entry.Sequence,
            StartedAt = entry.At,
            EndedAt = null,
            UndoStartedAt = null,
            IsChecked = false,
            Chosen = entry.Facts,
            Facts = new Dictionary<string, string>(),
            Summary = null,
            Error = null,
        }),
        JournalKind.StepChecked => Change(run, entry, step => step.ChecksOnly
            ? step with { State = StepState.Checked, EndedAt = entry.At, Chosen = entry.Facts, Summary = entry.Fact(RunFacts.Check) }
            : step with
            {
                IsChecked = true,
                HasActed = true,
                Chosen = entry.Facts,
                ChosenFirst = step.HasActed ? step.ChosenFirst : entry.Facts,
            }),
        JournalKind.StepCompleted => Change(run, entry, step => step with
        {
            State = StepState.Completed,
            EndedAt = entry.At,
            Facts = entry.Facts,
            Summary = entry.Fact(RunFacts.Summary),
            RestorePoint = entry.FindInstant(RunFacts.RestorePoint),
        }),
        JournalKind.StepFailed => Change(run, entry, step => step with { State = StepState.Failed, EndedAt = entry.At, Error = Error(entry) }),
        JournalKind.StepRetried => Retry(run, entry),
        JournalKind.StepSkipped => Change(run, entry, step => step with
        {
            State = StepState.Skipped,
            EndedAt = entry.At,
            Error = null,
            Summary = $"skipped by {entry.Required(RunFacts.By)}: {entry.Required(RunFacts.Reason)}",
        }) with
        { Pause = null },
        JournalKind.RunPaused => Pause(run, entry),
        JournalKind.RunForced => run with
        {
            IsForced = true,
            Pause = null,
            Steps = [.. run.Steps.Select(step => step.State == StepState.Failed ? Again(step) : step)],
        },
        JournalKind.UndoRequested => Stop(run, entry, entry.Fact(RunFacts.To) == RunFacts.End ? StopKind.Cleanup : StopKind.Undo),
        JournalKind.RunCancelled => Stop(run, entry, StopKind.Cancel),
        JournalKind.RunPreempted => Stop(run, entry, StopKind.Preempt),
        JournalKind.UndoStarted => Change(run, entry, step => step with
        {
            State = StepState.Undoing,
            UndoBegun = entry.Sequence,
            UndoStartedAt = entry.At,
            Error = null,
        }),
        JournalKind.UndoCompleted => Change(run, entry, step => step with
        {
            State = StepState.Undone,
            EndedAt = entry.At,
            HasActed = false,
            ChosenFirst = new Dictionary<string, string>(),
            Summary = entry.Fact(RunFacts.Summary),
        }),
        JournalKind.UndoFailed => Change(run, entry, step => step with { State = StepState.Failed, EndedAt = entry.At, Error = Error(entry) })
            with
        { Stop = run.Stop is { } stop ? stop with { StuckAt = entry.Step } : null },
        JournalKind.ProjectionPassedRto => run with { IsProjectedLate = true },
        JournalKind.RunEnded => run with { Ended = entry.Word<RunState>(RunFacts.State), EndedAt = entry.At, Pause = null },
        _ => throw EntryFacts.Unreadable(entry, $"is {entry.Kind}, where it does not belong"),
    };

    private static StepProgress Step(JournalEntry start, int index) => new(
        index,
        start.Required(RunFacts.Of(index, RunFacts.StepName)),
        start.Required(RunFacts.Of(index, RunFacts.StepKind)),
        start.Fact(RunFacts.Of(index, RunFacts.Group)) is null ? null : (int)start.Number(RunFacts.Of(index, RunFacts.Group)),
        start.Word<StepEffect>(RunFacts.Of(index, RunFacts.Effect)),
        start.Fact(RunFacts.Of(index, RunFacts.PointOfNoReturn)) is not null,
        start.Fact(RunFacts.Of(index, RunFacts.ChecksOnly)) is not null)
    {
        Timeout = TimeSpan.FromSeconds(start.Seconds(RunFacts.Of(index, RunFacts.Timeout))),
    };

    private static RunProgress Change(RunProgress run, JournalEntry entry, Func<StepProgress, StepProgress> change) =>
        entry.Step is { } index && index >= 0 && index < run.Steps.Count
            ? run with { Steps = [.. run.Steps.Select(step => step.Index == index ? change(step) : step)] }
            : throw EntryFacts.Unreadable(entry, $"names the step '{entry.Step}', expected one of 0 to {run.Steps.Count - 1}");

    // What lies behind a step that is done again was done on what it did: it is done again too, unless it passed and stays so.
    private static RunProgress Retry(RunProgress run, JournalEntry entry)
    {
        var parameters = entry.Facts.Where(fact => fact.Key.StartsWith(RunFacts.ParameterPrefix, StringComparison.Ordinal));
        var timeout = entry.Fact(RunFacts.Timeout) is null ? (double?)null : entry.Seconds(RunFacts.Timeout);
        var changed = Change(run, entry, step => Again(step) with
        {
            Parameters = Merge(step.Parameters, parameters.Select(fact => KeyValuePair.Create(fact.Key[RunFacts.ParameterPrefix.Length..], fact.Value))),
            Timeout = timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : step.Timeout,
        });
        return changed with
        {
            Pause = null,
            Steps = [.. changed.Steps.Select(step => step.Index > entry.Step && !IsBeside(run, step.Index, entry.Step) && step.State == StepState.Failed ? Again(step) : step)],
        };
    }

    private static bool IsBeside(RunProgress run, int index, int? other) =>
        other is { } one && run.Steps[index].Group is { } group && group == run.Steps[one].Group;

    private static StepProgress Again(StepProgress step) => step with { State = StepState.Pending, Error = null, EndedAt = null, Summary = null };

    // After an undo the run goes on, if at all, from where it went back to.
    private static RunProgress Pause(RunProgress run, JournalEntry entry)
    {
        var from = run.Stop is null ? int.MaxValue : Math.Max(run.PointOfNoReturn, run.Stop.StuckAt ?? -1) + 1;
        return run with
        {
            Stop = null,
            Pause = new RunPause(entry.Required(RunFacts.Code), entry.Required(RunFacts.Message), entry.Step, entry.At, entry.Instant(RunFacts.Until), entry.Sequence),
            Steps = [.. run.Steps.Select(step => step.Index >= from && step.State != StepState.Undone ? Again(step) : step)],
        };
    }

    private static RunProgress Stop(RunProgress run, JournalEntry entry, StopKind kind) => run with
    {
        Pause = null,
        Stop = new RunStop(
            kind,
            entry.Required(RunFacts.By),
            entry.Required(RunFacts.Reason),
            entry.At,
            entry.FindInstant(RunFacts.Until),
            entry.Fact(RunFacts.Leaves) is null),
    };

    private static StepError Error(JournalEntry entry) =>
        new(entry.Required(RunFacts.Code), entry.Required(RunFacts.Message), entry.Required(RunFacts.Hint));

    private static Dictionary<string, string> Merge(
        IReadOnlyDictionary<string, string> before, IEnumerable<KeyValuePair<string, string>> more)
    {
        var all = new Dictionary<string, string>(before);
        foreach (var (name, value) in more)
        {
            all[name] = value;
        }

        return all;
    }
}
