using System.Globalization;
using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Signals;

/// <summary>
/// Signals of our own probes: where no alert of Azure's comes, because the plan's rules can pass without one or because the alert that came
/// stands already, nothing else would open an incident.
/// </summary>
public static class ProbeSignal
{
    /// <summary>Names the probe of the primary as an alert; Azure's alerts are named by hashes.</summary>
    public const string Alert = "control-probe";

    private const string EventType = "DrFunctions.Probe";

    /// <summary>The signal that a row of samples makes; null when nothing changed that anybody waits for. Pure.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="samples">The samples up to now, oldest first, the newest one just taken.</param>
    public static SignalRecord? Of(WorkloadPlan plan, IReadOnlyList<LagSample> samples)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(samples);
        if (plan.Incidents.NeedsAlert || samples.Count == 0)
        {
            return null;
        }

        var newest = samples[^1];
        var before = samples.Take(samples.Count - 1).Reverse().TakeWhile(sample => Judge(plan, sample) == VantageFinding.Red).ToList();
        var condition = (Judge(plan, newest), before.Count) switch
        {
            (VantageFinding.Red, _) => SignalCondition.Fired,
            (VantageFinding.Green, > 0) => SignalCondition.Resolved,
            _ => SignalCondition.Unreadable,
        };
        if (condition == SignalCondition.Unreadable)
        {
            return null;
        }

        // One signal for one row of red samples, whichever of them it is made from.
        var since = before.Count > 0 ? before[^1].At : newest.At;
        var at = condition == SignalCondition.Fired ? since : newest.At;
        var id = EventJson.Hash(Alert, plan.Workload, condition.ToString(), since.ToString("O", CultureInfo.InvariantCulture));
        return Record(plan, id, condition, at, newest.At, "our own probe");
    }

    /// <summary>
    /// The signal that the primary is lost after an incident closed; the same for one incident, whichever sample it is made from. Pure.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="newest">The sample that found it lost.</param>
    /// <param name="incidentId">The closed incident.</param>
    /// <param name="reason">What has changed since, in words.</param>
    public static SignalRecord After(WorkloadPlan plan, LagSample newest, string incidentId, string reason)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(newest);
        return Record(
            plan, EventJson.Hash(Alert, plan.Workload, "after", incidentId), SignalCondition.Fired, newest.At, newest.At, $"our own probe, after {incidentId}: {reason}");
    }

    private static SignalRecord Record(
        WorkloadPlan plan, string id, SignalCondition condition, DateTimeOffset at, DateTimeOffset receivedAt, string reason)
    {
        var isLost = condition == SignalCondition.Fired;
        var signal = new Signal(
            id, EventType, plan.Primary.Health.Host, [plan.Primary.WebApp], condition, at, receivedAt,
            $"{plan.Primary.Name} {(isLost ? "is lost" : "is well again")} by our own probes")
        {
            Alert = Alert,
        };
        return new SignalRecord(1, signal, plan.Workload, isLost ? SignalDisposition.Correlated : SignalDisposition.Resolving, reason, "{}");
    }

    private static VantageFinding Judge(WorkloadPlan plan, LagSample sample) => SampledVantages.Judge(plan.Incidents, sample, alertStands: false);
}
