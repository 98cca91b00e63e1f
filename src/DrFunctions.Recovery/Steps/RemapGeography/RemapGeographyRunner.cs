using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Steps.ShiftTraffic;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.RemapGeography;

/// <summary>Gives the failed endpoint's places to the other one; the undo gives them back exactly.</summary>
internal sealed class RemapGeographyRunner(ITrafficManager trafficManager, ProfileClaims claims, WorkloadStates states)
    : UserMoveRunner<RemapGeographyStep>(trafficManager, claims, states)
{
    /// <inheritdoc/>
    protected override RoutingSettings Wanted(TrafficProfile profile, string target, string failed) => GeographicRemap.Move(profile, failed, target);

    /// <inheritdoc/>
    protected override string Summary(TrafficProfile profile, string target, string failed) =>
        $"{profile.Fqdn} leads {string.Join(", ", profile.EndpointNamed(target)?.Places ?? [])} to '{target}'; '{failed}' is disabled until its places are given back";
}
