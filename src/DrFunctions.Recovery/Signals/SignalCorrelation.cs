using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Signals;

/// <summary>Decides which workload a signal concerns, and whether anything follows from it.</summary>
public static class SignalCorrelation
{
    /// <summary>
    /// Decides, for every plan that names one of the signal's resources or a parent of one; once, without a workload, when none does.
    /// </summary>
    public static IReadOnlyList<Correlation> Decide(Signal signal, IEnumerable<WorkloadPlan> plans)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(plans);
        if (signal.Condition == SignalCondition.Unreadable)
        {
            return [new(null, SignalDisposition.Unreadable, $"events of type '{signal.EventType}' are not understood")];
        }

        if (signal.Resources.Count == 0)
        {
            return [new(null, SignalDisposition.Unreadable, "the alert names no resource")];
        }

        var (disposition, reason) = signal.Condition switch
        {
            SignalCondition.Fired => (SignalDisposition.Correlated, "the plan names the resource"),
            SignalCondition.Intended => (SignalDisposition.Ignored, "a person did it on purpose"),
            _ => (SignalDisposition.Ignored, "the alert says that the resource is well again"),
        };
        var found = plans
            .Where(plan => signal.Resources.Any(resource => plan.Incidents.Resources.Any(root => Covers(root, resource))))
            .Select(plan => new Correlation(plan.Workload, disposition, reason))
            .ToList();
        return found.Count > 0
            ? found
            : [new(null, SignalDisposition.Ignored, $"no plan names the resource '{signal.Resources[0]}'")];
    }

    private static bool Covers(ResourceId root, ResourceId resource) =>
        resource == root || resource.Value.StartsWith(root.Value + "/", StringComparison.OrdinalIgnoreCase);
}

/// <summary>What a signal means for a workload.</summary>
/// <param name="Workload">The workload, or null for none.</param>
/// <param name="Disposition">What becomes of the signal.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record Correlation(string? Workload, SignalDisposition Disposition, string Reason);
