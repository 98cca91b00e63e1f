using DrFunctions.Recovery.Runs;

namespace DrFunctions.Recovery.Estimates;

/// <summary>How long the steps of a runbook took in past runs. Pure.</summary>
public static class StepTimes
{
    /// <summary>Of how many of the newest completed runs a step's time counts: what it took a year ago says little.</summary>
    public const int Newest = 10;

    /// <summary>
    /// The median time of each step over the newest completed runs in which it was done, by the step's name. A drill counts for what it
    /// did and left done; what it only checked, or undid again, was not done, and takes no real run's place.
    /// </summary>
    /// <param name="runs">Runs of any workload's runbooks, in any order.</param>
    /// <param name="runbook">Only runs of this one count, and of them only completed ones: a failed step's time is its timeout.</param>
    public static IReadOnlyDictionary<string, MeasuredTime> Of(IEnumerable<RunView> runs, string runbook)
    {
        ArgumentNullException.ThrowIfNull(runs);
        return runs
            .Where(run => run.State == RunState.Completed && run.Runbook == runbook)
            .OrderByDescending(run => run.StartedAt)
            .SelectMany(run => run.Steps)
            .Where(step => step is { State: StepState.Completed, StartedAt: not null, EndedAt: not null })
            .GroupBy(step => step.Name, step => (step.EndedAt - step.StartedAt) ?? default, StringComparer.Ordinal) // just checked
            .ToDictionary(
                times => times.Key,
                times => new MeasuredTime(Median(times.Take(Newest)), Math.Min(Newest, times.Count())),
                StringComparer.Ordinal);
    }

    /// <summary>The middle one; of an even number the mean of the middle two.</summary>
    /// <param name="times">At least one.</param>
    internal static TimeSpan Median(IEnumerable<TimeSpan> times)
    {
        var ordered = times.Order().ToList();
        var middle = ordered.Count / 2;
        return ordered.Count % 2 == 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2;
    }
}

/// <summary>A time that was measured.</summary>
/// <param name="Median">The median.</param>
/// <param name="Runs">Of how many runs.</param>
public sealed record MeasuredTime(TimeSpan Median, int Runs);
