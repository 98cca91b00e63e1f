using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Signals;

/// <summary>Decides which workload a signal concerns, and whether anything follows from it.</summary>
public static class SignalCorrelation
{
    /// <summary>Decides. The first plan that names one of the signal's resources, or a parent of one, wins.</summary>
    public static (string? Workload, SignalDisposition Disposition, string Reason) Decide(Signal signal, IEnumerable<WorkloadPlan> plans)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(plans);
        if (signal.Condition == SignalCondition.Unreadable)
        {
            return (null, SignalDisposition.Unreadable, $"events of type '{signal.EventType}' are not understood");
        }

        if (signal.Resources.Count == 0)
        {
            return (null, SignalDisposition.Unreadable, "the alert names no resource");
        }

        var plan = plans.FirstOrDefault(plan => signal.Resources.Any(resource => plan.Incidents.Resources.Any(root => Covers(root, resource))));
        if (plan is null)
        {
            return (null, SignalDisposition.Ignored, $"no plan names the resource '{signal.Resources[0]}'");
        }

        return signal.Condition switch
        {
            SignalCondition.Fired => (plan.Workload, SignalDisposition.Correlated, "the plan names the resource"),
            SignalCondition.Intended => (plan.Workload, SignalDisposition.Ignored, "a person did it on purpose"),
            _ => (plan.Workload, SignalDisposition.Ignored, "the alert says that the resource is well again"),
        };
    }

    private static bool Covers(ResourceId root, ResourceId resource) =>
        resource == root || resource.Value.StartsWith(root.Value + "/", StringComparison.OrdinalIgnoreCase);
}
