using DrFunctions.Recovery.Runs;

namespace DrFunctions.Recovery.Estimates;

/// <summary>When a run is expected to finish. Pure.</summary>
public static class RunProjection
{
    /// <summary>
    /// Projects. Null when nothing can be said: the run has ended, goes back, or has a step to do whose time is not known.
    /// </summary>
    /// <param name="run">Where the run stands. While it waits for a person, the person's time is not counted: it finishes later.</param>
    /// <param name="estimates">How long its steps are expected to take, by their names.</param>
    /// <param name="now">The time.</param>
    public static ProjectionView? Of(RunView run, IReadOnlyDictionary<string, StepEstimate> estimates, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(estimates);
        var left = run.Steps.Where(step => step.State is not (StepState.Completed or StepState.Checked or StepState.Skipped)).ToList();
        if (run.State is not (RunState.Running or RunState.Paused) || run.Stop is not null || left.Any(step => !estimates.ContainsKey(step.Name)))
        {
            return null;
        }

        var remaining = RunbookEstimates.Sum(left.Select(step => (step.Group, Remaining(step, estimates[step.Name].Expected, now))));
        var finish = now + remaining;
        return new ProjectionView(
            finish,
            remaining.TotalSeconds,
            left.Count,
            left.Count(step => estimates[step.Name].Source == EstimateSource.PastRuns),
            run.Attained.DetectedAt is { } detected && finish - detected > TimeSpan.FromSeconds(run.Objectives.RtoSeconds));
    }

    // A step that takes longer than expected is expected to end at any moment: nobody knows better.
    private static TimeSpan Remaining(StepView step, TimeSpan expected, DateTimeOffset now)
    {
        var elapsed = step is { State: StepState.Running, StartedAt: { } began } ? now - began : TimeSpan.Zero;
        return expected > elapsed ? expected - (elapsed > TimeSpan.Zero ? elapsed : TimeSpan.Zero) : TimeSpan.Zero;
    }
}

/// <summary>When a run is expected to finish.</summary>
/// <param name="FinishAt">When.</param>
/// <param name="RemainingSeconds">How long until then.</param>
/// <param name="StepsLeft">How many steps are left.</param>
/// <param name="StepsMeasured">Of how many of them past runs tell the time; of the others their kind does.</param>
/// <param name="PassesRto">Whether it finishes later than the RTO allows, counted from the first sign of the loss.</param>
public sealed record ProjectionView(DateTimeOffset FinishAt, double RemainingSeconds, int StepsLeft, int StepsMeasured, bool PassesRto);
