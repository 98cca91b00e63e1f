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

        // Of several fences the last: until then something could still write.
        var fences = steps.Where(step => step.Is<IFencesRegion>()).ToList();
        var fenced = fences.All(step => step.State == StepState.Completed) ? fences.Max(step => step.EndedAt) : null;
        var objective = TimeSpan.FromSeconds(start.Seconds(RunFacts.Rpo));
        var stores = RestorePoints(run).Select(store => Store(store.Key, store.Value, fenced, objective)).ToList();

        // However well the others did, one store that nobody knows of makes the whole unknown.
        var worst = stores.Find(store => store.RpoSeconds is null) ?? stores.MaxBy(store => store.RpoSeconds);
        return new AttainedView(
            rto?.TotalSeconds,
            ObjectiveVerdicts.OfAttained(rto, TimeSpan.FromSeconds(start.Seconds(RunFacts.Rto))),
            worst?.RpoSeconds,
            worst?.Rpo ?? ObjectiveVerdict.Unknown,
            stores.Min(store => store.RestorePoint),
            detected)
        {
            Stores = stores,
            WorstStore = fenced is null ? null : worst?.Store,
        };
    }

    private static StoreAttained Store(string name, DateTimeOffset? point, DateTimeOffset? fenced, TimeSpan objective)
    {
        var rpo = fenced - point;
        rpo = rpo < TimeSpan.Zero ? TimeSpan.Zero : rpo;
        return new StoreAttained(name, point, rpo?.TotalSeconds, ObjectiveVerdicts.OfAttained(rpo, objective));
    }

    // Of the plan's stores, and of what steps brought along that is none of them, by the step's name. Of several points of one store the
    // oldest counts: which of them its data shows now, nobody says.
    private static Dictionary<string, DateTimeOffset?> RestorePoints(RunProgress run)
    {
        var points = run.Start.Required(RunFacts.Stores).Split(',').ToDictionary(store => store, _ => (DateTimeOffset?)null);
        foreach (var step in run.Steps.Where(step => step is { State: StepState.Completed, RestorePoint: not null }))
        {
            foreach (var store in (step.Facts.GetValueOrDefault(RunFacts.Store) ?? step.Name).Split(','))
            {
                points[store] = points.GetValueOrDefault(store) is { } known && known < step.RestorePoint ? known : step.RestorePoint;
            }
        }

        return points;
    }
}
