using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Incidents;

/// <summary>
/// The minute's watch over a primary: samples it, keeps the sample, and stores a signal where it is found lost and no alert of Azure's
/// will say so: because the plan's rules need none, or because the alert that came stands. May run twice at once, and die anywhere.
/// </summary>
public sealed class PrimaryWatch(LagSampler sampler, LagHistory history, SignalLog signals, IncidentReopening reopening)
{
    /// <summary>Takes the minute's sample.</summary>
    /// <returns>The new signal whose incident is to be woken; null when there is none, also when another process has this minute.</returns>
    public async Task<SignalRecord?> LookAsync(WorkloadPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (await sampler.SampleAsync(plan, cancellationToken) is not { } sample)
        {
            return null;
        }

        var row = await history.ReadAsync(plan.Workload, sample.At, TimeSpan.FromHours(1), cancellationToken);
        row = [.. row.Where(each => each.At <= sample.At)];

        // Only once for each signal: the tick finds one whose incident was never woken.
        if (ProbeSignal.Of(plan, row) is { } change && await signals.AddAsync(change, cancellationToken))
        {
            return change.Disposition == SignalDisposition.Correlated ? change : null;
        }

        return await reopening.FindAsync(plan, row, cancellationToken) is { } again && await signals.AddAsync(again, cancellationToken) ? again : null;
    }
}
