using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Incidents;

/// <summary>
/// Finds, once a minute, primaries that are lost while alerts of a closed incident stand, or by rules that need no alert. Costs a
/// healthy workload no request; one that fails over, or whose users are elsewhere, at most four; else one look a minute, as an open
/// incident takes every few seconds.
/// </summary>
public sealed class IncidentReopening(IncidentLog incidents, IncidentOpinions opinions, WorkloadLocks locks, IncidentSight sight)
{
    /// <summary>
    /// The signal that opens the next incident; null when there is nothing to look into. One for each closed incident, whoever finds it
    /// and however often.
    /// </summary>
    /// <param name="plan">The workload's plan.</param>
    /// <param name="samples">The samples up to now, oldest first, the newest one just taken.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<SignalRecord?> FindAsync(WorkloadPlan plan, IReadOnlyList<LagSample> samples, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(samples);
        var policy = plan.Incidents;
        if (samples.Count == 0 || SampledVantages.Judge(policy, samples[^1], alertStands: true) != VantageFinding.Red)
        {
            return null;
        }

        var remains = await incidents.ReadRemainsAsync(plan.Workload, cancellationToken);
        var stands = remains.Alerts.Count > 0;
        if (remains.Last is not { State: IncidentState.Closed } last
            || (!stands && (policy.NeedsAlert || SampledVantages.Judge(policy, samples[^1], alertStands: false) != VantageFinding.Red))
            || !(plan.HasUsersIn(RegionRole.Primary, remains.State) || remains.State.Arriving)
            || (await locks.ReadAsync(plan.Workload, cancellationToken) is { State: LockState.Held } held && !Preemption.Yields(held.Run.Mode, RunMode.Unplanned)))
        {
            return null;
        }

        var facts = await sight.LookAsync(plan, null, remains.Alerts, null, cancellationToken);
        var isDeclined = (await opinions.ReadAsync(plan.Workload, last.Id, cancellationToken)).Any(decision => decision.Kind == DecisionKind.Decline);
        var wasSeenWell = ReopeningRule.WasSeenWell(last, policy, samples, stands);
        return ReopeningRule.Decide(last, policy, wasSeenWell, isDeclined, facts) is { } reason
            ? ProbeSignal.After(plan, samples[^1], last.Id, reason)
            : null;
    }
}
