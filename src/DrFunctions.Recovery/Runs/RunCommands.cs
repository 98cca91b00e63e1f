using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Runs;

/// <summary>Whether a run waits for what a person wants of it. Pure.</summary>
public static class RunCommands
{
    /// <summary>The rule that a skipped fence breaks.</summary>
    public const string FenceRule = "fence";

    /// <summary>The words of what a person could have the run do now.</summary>
    public static IReadOnlyList<string> Possible(RunProgress run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return [.. Enum.GetValues<CommandKind>()
            .Where(kind => Judge(run, new RunCommand(kind, Waiting(run).FirstOrDefault()?.Name, "", "") { Overrides = FenceRule }) is CommandVerdict.Accepted)
            .Select(kind => kind.ToString().ToLowerInvariant())];
    }

    /// <summary>Judges a command.</summary>
    public static CommandVerdict Judge(RunProgress run, RunCommand command)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(command);
        if (run.Ended is { } ended)
        {
            return Refused("RunEnded", $"The run '{run.RunId}' has ended: it is {ended.ToString().ToLowerInvariant()}.", "Nothing to do.");
        }

        if (command.Kind == CommandKind.Cancel)
        {
            return run.Stop is { Kind: not StopKind.Undo } stop
                ? Refused("RunStopping", $"The run '{run.RunId}' is stopping already: {stop.By}: {stop.Reason}.", "Wait for its end.")
                : Accepted(command, JournalKind.RunCancelled, null);
        }

        if (run.Pause is null)
        {
            return Refused("NotWaiting", $"The run '{run.RunId}' waits for no decision: {Doing(run)}.", "Cancel it, or wait until a step fails.");
        }

        if (command.Occasion is { } occasion && occasion != run.Pause.Occasion)
        {
            return Refused(
                "OccasionOver",
                $"occasion: {occasion}, expected {run.Pause.Occasion}: the run '{run.RunId}' has paused anew since: {run.Pause.Message.TrimEnd('.')}.",
                "Look at the run, then decide upon this pause.");
        }

        return command.Kind switch
        {
            CommandKind.Undo => run.Steps.Any(step => step is { HasActed: true, Effect: StepEffect.Reversible } && step.Index > run.PointOfNoReturn)
                ? Accepted(command, JournalKind.UndoRequested, null)
                : Refused("NothingToUndo", $"The run '{run.RunId}' has done nothing that can be undone{Boundary(run)}.", "Retry, skip or cancel."),
            CommandKind.Force => !run.IsForced && run.Steps.Any(step => step.State == StepState.Failed && StepKindCatalog.Find(step.Kind)?.CanForce == true)
                ? Accepted(command, JournalKind.RunForced, null)
                : Refused(
                    "NotForceable",
                    run.IsForced ? $"The run '{run.RunId}' is forced already." : $"No failed step of '{run.RunId}' can be forced.",
                    "Retry, skip or cancel."),
            _ => OfStep(run, command),
        };
    }

    /// <summary>
    /// The entry that records this very command, when it is the last that a person decided: whoever got no answer says it again.
    /// </summary>
    /// <param name="run">Where the run stands.</param>
    /// <param name="entries">Its journal.</param>
    /// <param name="command">What is refused now.</param>
    public static JournalEntry? FindRepeated(RunProgress run, IReadOnlyList<JournalEntry> entries, RunCommand command)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(command);
        var since = command.Occasion is { } occasion
            ? entries.Skip(occasion + 1).TakeWhile(entry => entry.Kind != JournalKind.RunPaused)
            : entries;
        return since.LastOrDefault(IsDecision) is { } last && IsOf(last, run, command) ? last : null;
    }

    // A drill asks for its own undoing.
    private static bool IsDecision(JournalEntry entry) => entry.Kind is
        JournalKind.StepRetried or JournalKind.StepSkipped or JournalKind.RunForced or JournalKind.RunCancelled
        || (entry.Kind == JournalKind.UndoRequested && entry.Fact(RunFacts.To) != RunFacts.End);

    private static bool IsOf(JournalEntry entry, RunProgress run, RunCommand command) =>
        entry.Kind == KindOf(command.Kind)
        && (entry.Step is { } step ? run.Steps[step].Name : null) == command.Step
        && (entry.Fact(RunFacts.By) == command.By || (command.ObjectId is { } id && entry.Fact(RunFacts.ByObjectId) == id))
        && entry.Fact(RunFacts.Reason) == command.Reason
        && entry.Fact(RunFacts.Overrides) == command.Overrides
        && entry.Facts.Count(fact => fact.Key.StartsWith(RunFacts.ParameterPrefix, StringComparison.Ordinal)) == command.Parameters.Count
        && command.Parameters.All(one => entry.Fact(RunFacts.ParameterPrefix + one.Key) == one.Value);

    private static JournalKind KindOf(CommandKind kind) => kind switch
    {
        CommandKind.Retry => JournalKind.StepRetried,
        CommandKind.Skip => JournalKind.StepSkipped,
        CommandKind.Undo => JournalKind.UndoRequested,
        CommandKind.Force => JournalKind.RunForced,
        _ => JournalKind.RunCancelled,
    };

    private static CommandVerdict OfStep(RunProgress run, RunCommand command)
    {
        var waiting = Waiting(run);
        if (waiting.FirstOrDefault(step => step.Name == command.Step) is not { } step)
        {
            return Refused(
                "StepNotWaiting",
                $"The run '{run.RunId}' waits for a decision on {string.Join(" or ", waiting.Select(one => $"'{one.Name}'"))}, not on '{command.Step}'.",
                "Name that step.");
        }

        if (command.Kind == CommandKind.Retry)
        {
            return Accepted(command, JournalKind.StepRetried, step.Index);
        }

        return step.Is<IFencesRegion>() && command.Overrides != FenceRule
            ? Refused(
                "FenceNotOverridden",
                $"'{step.Name}' is a fence: without it the old region may go on writing. overrides: '{command.Overrides}', expected '{FenceRule}'.",
                $"Make sure by other means that the old region cannot write; then skip with overrides '{FenceRule}'.")
            : Accepted(command, JournalKind.StepSkipped, step.Index);
    }

    // What failed first; after an undo, what would be next.
    private static List<StepProgress> Waiting(RunProgress run)
    {
        var failed = run.Steps.Where(step => step.State == StepState.Failed).ToList();
        return failed.Count > 0 || run.Pause?.Step is not { } next ? failed : [run.Steps[next]];
    }

    private static string Doing(RunProgress run) => run switch
    {
        { Stop: { } stop } => $"it goes back, because of {stop.By}: {stop.Reason}",
        _ when run.Steps.Where(step => step.State == StepState.Running).Select(step => $"'{step.Name}'").ToList() is { Count: > 0 } running =>
            $"{string.Join(" and ", running)} {(running.Count == 1 ? "is" : "are")} under way",
        _ => "its steps run",
    };

    private static string Boundary(RunProgress run) =>
        run.PointOfNoReturn < 0 ? "" : $": '{run.Steps[run.PointOfNoReturn].Name}' is a point of no return";

    private static CommandVerdict.Accepted Accepted(RunCommand command, JournalKind kind, int? step)
    {
        var draft = JournalDraft.Of(
            kind,
            step,
            (RunFacts.By, command.By),
            (RunFacts.ByObjectId, command.ObjectId),
            (RunFacts.Reason, command.Reason),
            (RunFacts.Overrides, kind == JournalKind.StepSkipped ? command.Overrides : null),
            (RunFacts.Timeout, kind == JournalKind.StepRetried && command.Timeout is { } timeout ? RunFacts.Number(timeout) : null));
        return new CommandVerdict.Accepted(kind != JournalKind.StepRetried
            ? draft
            : draft.With(command.Parameters.ToDictionary(one => RunFacts.ParameterPrefix + one.Key, one => one.Value)));
    }

    private static CommandVerdict.Refused Refused(string code, string message, string hint) => new(code, message, hint);
}

/// <summary>Whether a command has its effect.</summary>
public abstract record CommandVerdict
{
    private CommandVerdict()
    {
    }

    /// <summary>It has, once it is recorded.</summary>
    /// <param name="Draft">What is to be recorded.</param>
    public sealed record Accepted(JournalDraft Draft) : CommandVerdict;

    /// <summary>It had, when it was said before: nothing more is recorded.</summary>
    /// <param name="Recorded">What is recorded.</param>
    public sealed record Repeated(JournalEntry Recorded) : CommandVerdict;

    /// <summary>The run does not wait for it.</summary>
    /// <param name="Code">Stable.</param>
    /// <param name="Message">What the run waits for, or does.</param>
    /// <param name="Hint">What to do instead.</param>
    public sealed record Refused(string Code, string Message, string Hint) : CommandVerdict;
}
