using DrFunctions.Recovery.Journal;

namespace DrFunctions.Recovery.Runs;

/// <summary>Where a run stands: what its journal comes to, and nothing else. Made by <see cref="Of"/>.</summary>
public sealed record RunProgress
{
    /// <summary>The journal's first entry: what the run is.</summary>
    public required JournalEntry Start { get; init; }

    /// <summary>What happened last.</summary>
    public JournalKind Last { get; init; }

    /// <summary>The steps in order.</summary>
    public required IReadOnlyList<StepProgress> Steps { get; init; }

    /// <summary>Why the run runs.</summary>
    public required RunMode Mode { get; init; }

    /// <summary>Whether a failed step ends the run instead of pausing it.</summary>
    public required bool EndsOnFailure { get; init; }

    /// <summary>How long a pause waits for a person before the run ends as failed.</summary>
    public required TimeSpan PauseLimit { get; init; }

    /// <summary>Whether steps that can do so go on without the old primary's word.</summary>
    public bool IsForced { get; init; }

    /// <summary>Whether it was told that the run is expected to finish later than its RTO allows.</summary>
    public bool IsProjectedLate { get; init; }

    /// <summary>What the run waits for a person for; null when it does not.</summary>
    public RunPause? Pause { get; init; }

    /// <summary>Why the run goes back instead of forward; null when it does not.</summary>
    public RunStop? Stop { get; init; }

    /// <summary>How the run ended; null while it has not.</summary>
    public RunState? Ended { get; init; }

    /// <summary>When the run ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The run.</summary>
    public string RunId => Start.RunId;

    /// <summary>Its workload.</summary>
    public string Workload => Start.Required(RunFacts.Workload);

    /// <summary>The version of the plan that it is pinned to.</summary>
    public string PlanVersion => Start.Required(RunFacts.PlanVersion);

    /// <summary>Its runbook's name.</summary>
    public string Runbook => Start.Required(RunFacts.Runbook);

    /// <summary>Its fencing number.</summary>
    public long Epoch => Start.Number(RunFacts.Epoch);

    /// <summary>The index of the last point of no return that was passed; -1 when none was. What lies before it stays done.</summary>
    public int PointOfNoReturn => Steps.LastOrDefault(step => step is { IsPointOfNoReturn: true, HasActed: true })?.Index ?? -1;

    /// <summary>Where a person sees the run.</summary>
    public RunState State => Ended ?? (Pause is null ? RunState.Running : RunState.Paused);

    /// <summary>Folds a journal.</summary>
    /// <param name="entries">A journal from its first entry on, complete or not.</param>
    /// <exception cref="ArgumentException">There is no entry, or the first is not the run's beginning.</exception>
    /// <exception cref="RecoveryException">An entry lacks a fact, or has one of another shape (<c>JournalUnreadable</c>).</exception>
    public static RunProgress Of(IReadOnlyList<JournalEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return entries is [{ Kind: JournalKind.RunStarted } start, ..]
            ? entries.Skip(1).Aggregate(RunFold.Begin(start), RunFold.Apply) with { Last = entries[^1].Kind }
            : throw new ArgumentException("A journal begins with RunStarted.", nameof(entries));
    }
}

/// <summary>What a run waits for a person for.</summary>
/// <param name="Code">Stable: the failed step's, <c>Undone</c> or <c>UndoFailed</c>.</param>
/// <param name="Message">In words.</param>
/// <param name="Step">The step that is in the way, or that would be next; null when there is none.</param>
/// <param name="At">Since when.</param>
/// <param name="Until">When the run ends as failed if nobody decides.</param>
/// <param name="Occasion">The sequence of the entry that began it: the name of this pause.</param>
public sealed record RunPause(string Code, string Message, int? Step, DateTimeOffset At, DateTimeOffset Until, int Occasion);

/// <summary>Why a run goes back instead of forward.</summary>
/// <param name="Kind">What it leads to.</param>
/// <param name="By">Who, or which run.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">Since when.</param>
/// <param name="Deadline">When undoing is given up; null for never.</param>
/// <param name="Undoes">False when what was done is left to the run that took over.</param>
public sealed record RunStop(StopKind Kind, string By, string Reason, DateTimeOffset At, DateTimeOffset? Deadline, bool Undoes)
{
    /// <summary>The step whose undo failed; nothing before it is undone. Null while none has.</summary>
    public int? StuckAt { get; init; }
}

/// <summary>What going back leads to.</summary>
public enum StopKind
{
    /// <summary>A pause: a person decides what then.</summary>
    Undo,

    /// <summary>The end of a drill.</summary>
    Cleanup,

    /// <summary>The end as cancelled.</summary>
    Cancel,

    /// <summary>The end as pre-empted.</summary>
    Preempt,
}
