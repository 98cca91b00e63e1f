using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Signals;

/// <summary>Decides which workload a signal concerns, and whether anything follows from it.</summary>
public static class SignalCorrelation
{
    /// <summary>
    /// Decides, for every plan that names one of the signal's resources or a parent of one, or whose primary region in the signal's
    /// subscription a signal without resources names; once, without a workload, when there is none.
    /// </summary>
    public static IReadOnlyList<Correlation> Decide(Signal signal, IEnumerable<WorkloadPlan> plans)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(plans);
        if (signal.Condition == SignalCondition.Unreadable)
        {
            return [new(null, SignalDisposition.Unreadable, $"events of type '{signal.EventType}' are not understood")];
        }

        if (signal is { Resources.Count: 0, Regions.Count: 0 })
        {
            return [new(null, SignalDisposition.Unreadable, "the alert names no resource")];
        }

        var (disposition, reason) = signal.Condition switch
        {
            SignalCondition.Fired => (SignalDisposition.Correlated, signal.Resources.Count > 0 ? "the plan names the resource" : "it is the plan's primary region"),
            SignalCondition.Intended => (SignalDisposition.Ignored, "a person did it on purpose"),
            SignalCondition.Informed => (SignalDisposition.Ignored, "it tells of no outage"),
            _ => (SignalDisposition.Resolving, "the alert says that the resource is well again"),
        };
        var found = plans
            .Where(plan => signal.Resources.Count > 0
                ? signal.Resources.Any(resource => plan.Incidents.Resources.Any(root => Covers(root, resource)))
                : IsHome(plan, signal))
            .Select(plan => new Correlation(plan.Workload, disposition, reason))
            .ToList();
        return found.Count > 0
            ? found
            : [new(null, SignalDisposition.Ignored, signal.Resources.Count > 0
                ? $"no plan names the resource '{signal.Resources[0]}'"
                : $"no plan of that subscription has its primary in {string.Join(", ", signal.Regions.Take(5))}")];
    }

    // A trouble everywhere ("global") is no reason to go elsewhere.
    private static bool IsHome(WorkloadPlan plan, Signal signal) =>
        signal.Regions.Contains(plan.Primary.Name, StringComparer.OrdinalIgnoreCase)
        && signal.Subscription is { } subscription
        && plan.Incidents.Resources.Any(root => root.Value.Split('/')[2].Equals(subscription, StringComparison.OrdinalIgnoreCase));

    private static bool Covers(ResourceId root, ResourceId resource) =>
        resource == root || resource.Value.StartsWith(root.Value + "/", StringComparison.OrdinalIgnoreCase);
}

/// <summary>What a signal means for a workload.</summary>
/// <param name="Workload">The workload, or null for none.</param>
/// <param name="Disposition">What becomes of the signal.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record Correlation(string? Workload, SignalDisposition Disposition, string Reason);
