using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Runs;

/// <summary>Makes of a journal what people read.</summary>
public static class RunViews
{
    /// <summary>Folds.</summary>
    /// <param name="entries">A journal from its first entry on, complete or not.</param>
    /// <exception cref="ArgumentException">There is no entry, or the first is not the run's beginning.</exception>
    /// <exception cref="RecoveryException">An entry lacks a fact, or has one of another shape (<c>JournalUnreadable</c>).</exception>
    public static RunView Of(IReadOnlyList<JournalEntry> entries)
    {
        var run = RunProgress.Of(entries);
        var start = run.Start;
        return new RunView
        {
            RunId = start.RunId,
            Workload = start.Required(RunFacts.Workload),
            Runbook = start.Required(RunFacts.Runbook),
            Mode = run.Mode,
            PlanVersion = start.Required(RunFacts.PlanVersion),
            Epoch = run.Epoch,
            State = run.State,
            StartedBy = start.Required(RunFacts.StartedBy),
            Reason = start.Required(RunFacts.Reason),
            StartedAt = start.At,
            EndedAt = run.EndedAt,
            Pause = run.Pause is { } pause
                ? new PauseView(
                    pause.Code, pause.Message, pause.Step is { } at ? run.Steps[at].Name : null, pause.At, pause.Until, RunCommands.Possible(run), pause.Occasion)
                : null,
            Stop = run.Stop is { } stop ? new StopView(stop.Kind, stop.By, stop.Reason, stop.At) : null,
            EndReason = run.Ended is null ? null : entries[^1].Fact(RunFacts.Message),
            Kept = entries[^1].Fact(RunFacts.Kept),
            Steps = [.. run.Steps.Select(step => Step(step, run.Ended is not null))],
            Objectives = new ObjectivesView(start.Seconds(RunFacts.Rpo), start.Seconds(RunFacts.Rto)),
            Attained = Attained(run),
        };
    }

    private static StepView Step(StepProgress step, bool runEnded) => new(
        step.Index,
        step.Name,
        step.Kind,
        runEnded && step.State is StepState.Pending or StepState.Running or StepState.Undoing ? StepState.Cancelled : step.State,
        step.StartedAt,
        step.EndedAt,
        step.Summary,
        step.Error)
    {
        Group = step.Group,
    };

    private static AttainedView Attained(RunProgress run)
    {
        var start = run.Start;
        var steps = run.Steps;
        var detected = start.Instant(RunFacts.DetectedAt);

        // Recovered is proven, not hoped: without a proof after the last move, and all steps done, the time is unknown.
        var proof = steps.All(step => step.State == StepState.Completed) ? steps.LastOrDefault(step => step.Is<IProvesRegion>()) : null;
        var moved = steps.LastOrDefault(step => step.Is<IMovesUsers>());
        var rto = proof?.Index > (moved?.Index ?? -1) && proof.EndedAt >= detected ? proof.EndedAt - detected : null;

        // A store that was not restored has no restore point, and what is lost of it is unknown, however well the others did.
        var restores = steps.Where(step => step is { State: StepState.Completed, RestorePoint: not null }).ToList();
        var isWhole = start.Required(RunFacts.Stores).Split(',').All(store => restores.Any(step => step.Facts.GetValueOrDefault(RunFacts.Store) == store));
        var restored = restores.Min(step => step.RestorePoint);

        // Of several fences the last: until then something could still write.
        var fences = steps.Where(step => step.Is<IFencesRegion>()).ToList();
        var fenced = fences.All(step => step.State == StepState.Completed) ? fences.Max(step => step.EndedAt) : null;
        var rpo = isWhole ? fenced - restored : null;
        rpo = rpo < TimeSpan.Zero ? TimeSpan.Zero : rpo;
        return new AttainedView(
            rto?.TotalSeconds,
            ObjectiveVerdicts.OfAttained(rto, TimeSpan.FromSeconds(start.Seconds(RunFacts.Rto))),
            rpo?.TotalSeconds,
            ObjectiveVerdicts.OfAttained(rpo, TimeSpan.FromSeconds(start.Seconds(RunFacts.Rpo))),
            restored,
            detected);
    }
}
