using DrFunctions.Recovery.Control;
using DrFunctions.Recovery.Journal;

namespace DrFunctions.Recovery.Runs;

/// <summary>
/// What becomes of a run that was under way when its control region was lost: it waits for a person. What it did last may have reached
/// nobody, so that to go on would be to go on blindly. Pure.
/// </summary>
internal static class Interruption
{
    public const string Code = "ControlTakenOver";

    /// <summary>Whether a run is still to be told.</summary>
    /// <param name="run">Where it stands.</param>
    /// <param name="entries">Its journal.</param>
    /// <param name="begun">When it took its lock.</param>
    /// <param name="term">This app's term; null where there is no second app. The first one took nothing over.</param>
    public static bool IsDue(RunProgress run, IReadOnlyList<JournalEntry> entries, DateTimeOffset begun, ControlTerm? term) =>
        term is { Fence: not ControlFence.First }
        && begun < term.Since
        && run is { Ended: null, Pause: null }
        && (run.Stop is not null || run.Steps.Any(step => !step.IsPassed)) // else only its end is left to be recorded
        && !entries.Any(entry => entry.At >= term.Since && IsSeenTo(entry.Kind));

    /// <summary>Whether a run waits because of it.</summary>
    public static bool IsWaiting(RunProgress run) => run.Pause is { Code: Code };

    /// <summary>The pause.</summary>
    public static JournalDraft Draft(RunProgress run, ControlTerm term, DateTimeOffset now) => JournalDraft.Of(
        JournalKind.RunPaused,
        run.Steps.FirstOrDefault(step => !step.IsPassed)?.Index,
        (RunFacts.Code, Code),
        (RunFacts.Message, $"The app in {term.Region} took control over at {term.Since:u} while the run was under way: {term.Reason.TrimEnd('.')}."
            + " What the last steps did may not be recorded: look at the resources, then decide."),
        (RunFacts.Until, EntryFacts.Write(now + run.PauseLimit)));

    private static bool IsSeenTo(JournalKind kind) => kind is
        JournalKind.RunPaused or JournalKind.StepRetried or JournalKind.StepSkipped or JournalKind.RunForced
        or JournalKind.UndoRequested or JournalKind.RunCancelled;
}
