using System.Collections.Concurrent;
using DrFunctions.Plans.Store;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Estimates;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.App.Runs;

/// <summary>When runs are expected to finish. A help, not a need: what cannot be read is not known.</summary>
public sealed class RunForecast(PlanStore plans, RunHistory history, TimeProvider time)
{
    // Past runs do not change while a run goes on, and whoever watches it asks every second.
    private const int Kept = 64;

    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, StepEstimate>> _known = new(StringComparer.Ordinal);

    /// <summary>When a run is expected to finish; null when nothing can be said.</summary>
    public async Task<ProjectionView?> ProjectAsync(RunView run, CancellationToken cancellationToken) =>
        run.EndedAt is null ? RunProjection.Of(run, await EstimatesAsync(run, cancellationToken), time.GetUtcNow()) : null;

    /// <summary>How long the steps of a run are expected to take, by runs before it; empty when that cannot be read.</summary>
    public async Task<IReadOnlyDictionary<string, StepEstimate>> EstimatesAsync(RunView run, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(run.RunId, out var known))
        {
            return known;
        }

        try
        {
            var estimates = RunbookEstimates.Of(
                await plans.ReadAsync(run.Workload, run.PlanVersion, cancellationToken), run.Runbook, await history.BeforeAsync(run, cancellationToken));
            if (_known.Count >= Kept)
            {
                _known.Clear();
            }

            return _known[run.RunId] = estimates;
        }
        catch (RecoveryException)
        {
            return new Dictionary<string, StepEstimate>();
        }
    }
}
