using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.ShiftTraffic;

/// <summary>Sends all users to one endpoint of a priority or weighted profile; the other is disabled, so that it returns by a failback only.</summary>
internal sealed class ShiftTrafficRunner(ITrafficManager trafficManager, ProfileClaims claims, WorkloadStates states)
    : UserMoveRunner<ShiftTrafficStep>(trafficManager, claims, states)
{
    /// <inheritdoc/>
    protected override TrafficRoute Route(ShiftTrafficStep step, TrafficPlan traffic) => traffic.Route(step.Nested);

    /// <inheritdoc/>
    protected override RoutingSettings Wanted(TrafficProfile profile, string target, string failed) => TrafficShift.To(profile, target, failed);

    /// <inheritdoc/>
    protected override string Summary(TrafficProfile profile, string target, string failed) =>
        $"{profile.Fqdn} goes to '{target}'; '{failed}' is disabled until a failback";
}
