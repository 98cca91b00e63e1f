using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Runs;

/// <summary>What a run does next.</summary>
public abstract record RunDecision
{
    private RunDecision()
    {
    }

    /// <summary>Steps are to be attempted, side by side.</summary>
    /// <param name="Steps">Their indices, at least one.</param>
    public sealed record Attempt(IReadOnlyList<int> Steps) : RunDecision;

    /// <summary>A step is to be undone.</summary>
    /// <param name="Step">Its index.</param>
    public sealed record Undo(int Step) : RunDecision;

    /// <summary>Something is to be recorded; then it is decided again.</summary>
    /// <param name="Draft">What.</param>
    public sealed record Record(JournalDraft Draft) : RunDecision;

    /// <summary>A person is waited for.</summary>
    /// <param name="Until">How long.</param>
    public sealed record Wait(DateTimeOffset Until) : RunDecision;

    /// <summary>Nothing: the run has ended.</summary>
    public sealed record Done : RunDecision;

    /// <summary>Decides. Pure.</summary>
    /// <param name="run">Where the run stands.</param>
    /// <param name="now">The time.</param>
    /// <param name="superseded">Why the run may not act any more, in words; null while it holds its lock.</param>
    public static RunDecision Next(RunProgress run, DateTimeOffset now, string? superseded = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run switch
        {
            { Ended: not null } => new Done(),
            _ when superseded is not null => Superseded(run, superseded),
            { Stop: { } stop } => Back(run, stop, now),
            { Pause: { } pause } when now < pause.Until => new Wait(pause.Until),
            { Pause: { } pause } => new Record(Ends(RunState.Failed, because: $"nobody decided until {pause.Until:u}: {pause.Code}: {pause.Message}")),
            _ => Forward(run, now),
        };
    }

    private static RunDecision Forward(RunProgress run, DateTimeOffset now)
    {
        // Neighbours of one group begin together, and all of them end, however one does.
        if (run.Steps.FirstOrDefault(step => !step.IsPassed) is { } first)
        {
            var beside = run.Steps.Where(step => step.Index == first.Index || (first.Group is { } group && step.Group == group)).ToList();
            return beside.Where(step => step.IsOpen).Select(step => step.Index).ToList() is { Count: > 0 } open
                ? new Attempt(open)
                : Failed(run, beside.First(step => !step.IsPassed), now);
        }

        // A drill leaves nothing behind.
        return run.Mode == RunMode.Drill && Undoable(run) is not null
            ? new Record(JournalDraft.Of(
                JournalKind.UndoRequested,
                null,
                (RunFacts.By, "the drill"),
                (RunFacts.Reason, "its steps are done"),
                (RunFacts.To, RunFacts.End)))
            : new Record(Ends(RunState.Completed));
    }

    private static Record Failed(RunProgress run, StepProgress step, DateTimeOffset now) => run.EndsOnFailure
        ? new Record(Ends(RunState.Failed))
        : new Record(Pauses(run, now, step.Index, step.Error?.Code ?? "StepFailed", $"{step.Name}: {step.Error?.Message}"));

    private static RunDecision Back(RunProgress run, RunStop stop, DateTimeOffset now)
    {
        if (run.Steps.FirstOrDefault(step => step.State == StepState.Running) is { } running)
        {
            var code = stop.Kind == StopKind.Preempt ? "Preempted" : "Cancelled";
            return new Record(Fails(running.Index, code, $"{Word(stop.Kind)} by {stop.By}: {stop.Reason}", "Nothing to do."));
        }

        if (stop is { Undoes: true, StuckAt: null } && Undoable(run) is { } next)
        {
            return stop.Deadline is { } deadline && now >= deadline ? TooLate(run, stop, next) : new Undo(next.Index);
        }

        return new Record(stop.Kind == StopKind.Undo ? Undone(run, stop, now) : Ends(StateOf(stop), Kept(run, stop)));
    }

    private static RunState StateOf(RunStop stop) => stop.Kind switch
    {
        StopKind.Cleanup => stop.StuckAt is null ? RunState.Completed : RunState.Failed,
        StopKind.Preempt => RunState.Preempted,
        _ => RunState.Cancelled,
    };

    private static Record TooLate(RunProgress run, RunStop stop, StepProgress next) => next.State == StepState.Undoing
        ? new Record(JournalDraft.Of(
            JournalKind.UndoFailed,
            next.Index,
            (RunFacts.Code, "UndoTimedOut"),
            (RunFacts.Message, "the time for undoing is over"),
            (RunFacts.Hint, "Look at what the step left.")))
        : new Record(Ends(StateOf(stop), Kept(run, stop)));

    private static JournalDraft Undone(RunProgress run, RunStop stop, DateTimeOffset now)
    {
        var stuck = stop.StuckAt is { } at ? run.Steps[at] : null;
        var next = Math.Max(run.PointOfNoReturn, stuck?.Index ?? -1) + 1;
        return stuck is { Error: { } error }
            ? Pauses(run, now, stuck.Index, "UndoFailed", $"{stuck.Name} could not be undone: {error.Code}: {error.Message}")
            : Pauses(run, now, next < run.Steps.Count ? next : null, "Undone", $"undone by {stop.By}: {stop.Reason}");
    }

    private static RunDecision Superseded(RunProgress run, string why)
    {
        // Whoever took the workload from it undoes it; nobody else is to.
        if (run.Stop is { Kind: StopKind.Preempt } && Undoable(run) is not null)
        {
            return new Done();
        }

        return run.Steps.FirstOrDefault(step => step.State is StepState.Running) is { } running
            ? new Record(Fails(running.Index, "EpochSuperseded", why, "Nothing to do: the newer run decides."))
            : new Record(Ends(run.Stop is { Kind: StopKind.Preempt } ? RunState.Preempted : RunState.Failed, because: why));
    }

    // The last first, and none that lies before a point of no return: what was done after it relies on it.
    private static StepProgress? Undoable(RunProgress run) => run.Steps.LastOrDefault(
        step => step.HasActed && step.Effect == StepEffect.Reversible && step.Index > run.PointOfNoReturn);

    /// <summary>What a run that went back leaves done, each step with the reason.</summary>
    private static string Kept(RunProgress run, RunStop stop) => string.Join("; ", run.Steps
        .Where(step => step.HasActed && step.Effect != StepEffect.ReadOnly)
        .Select(step => $"{step.Name} ({Why(run, stop, step)})"));

    private static string Why(RunProgress run, RunStop stop, StepProgress step) => step switch
    {
        { Effect: StepEffect.Irreversible } => "cannot be undone",
        _ when !stop.Undoes => "left to the run that took over",
        _ when step.Index < run.PointOfNoReturn => $"before the point of no return, {run.Steps[run.PointOfNoReturn].Name}",
        _ when step.Index == stop.StuckAt => $"{step.Error?.Code}: {step.Error?.Message}",
        _ when stop.StuckAt is { } stuck => $"before {run.Steps[stuck].Name}, which could not be undone",
        _ => "no time was left",
    };

    private static JournalDraft Fails(int step, string code, string message, string hint) => JournalDraft.Of(
        JournalKind.StepFailed, step, (RunFacts.Code, code), (RunFacts.Message, message), (RunFacts.Hint, hint));

    private static JournalDraft Pauses(RunProgress run, DateTimeOffset now, int? step, string code, string message) => JournalDraft.Of(
        JournalKind.RunPaused,
        step,
        (RunFacts.Code, code),
        (RunFacts.Message, message),
        (RunFacts.Until, EntryFacts.Write(now + run.PauseLimit)));

    private static JournalDraft Ends(RunState state, string? kept = null, string? because = null) => JournalDraft.Of(
        JournalKind.RunEnded,
        null,
        (RunFacts.State, state.ToString()),
        (RunFacts.Message, because),
        (RunFacts.Kept, string.IsNullOrEmpty(kept) ? null : kept));

    private static string Word(StopKind kind) => kind switch
    {
        StopKind.Preempt => "pre-empted",
        StopKind.Undo => "taken back",
        StopKind.Cleanup => "ended",
        _ => "cancelled",
    };
}
