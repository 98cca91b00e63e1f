using System.Globalization;
using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Incidents.Policies;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Signals;

/// <summary>
/// Signals of our own probes, for plans whose rules can pass without an alert of Azure's: without one, nothing would open an incident.
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
        if (!StartsWithoutAlert(plan) || samples.Count == 0)
        {
            return null;
        }

        var newest = samples[^1];
        var before = samples.Take(samples.Count - 1).Reverse().TakeWhile(sample => SampledVantages.Judge(plan.Incidents, sample) == VantageFinding.Red).ToList();
        var condition = (SampledVantages.Judge(plan.Incidents, newest), before.Count) switch
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
        var signal = new Signal(
            id, EventType, plan.Primary.Health.Host, [plan.Primary.WebApp], condition, at, newest.At,
            $"{plan.Primary.Name} {(condition == SignalCondition.Fired ? "is lost" : "is well again")} by our own probes")
        {
            Alert = Alert,
        };
        return new SignalRecord(
            1, signal, plan.Workload, condition == SignalCondition.Fired ? SignalDisposition.Correlated : SignalDisposition.Resolving, "our own probe", "{}");
    }

    private static bool StartsWithoutAlert(WorkloadPlan plan) =>
        !plan.Incidents.Red.Contains(Vantage.AzureMonitor)
        && (plan.Incidents.Quorum is not { } quorum || quorum.AtLeast <= quorum.Of.Count(vantage => vantage != Vantage.AzureMonitor));
}
