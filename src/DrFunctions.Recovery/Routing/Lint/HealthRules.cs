using DrFunctions.Recovery.Evaluation;

namespace DrFunctions.Recovery.Routing.Lint;

/// <summary>What the profile sees of its endpoints now: DR-TM-030 to 032.</summary>
internal static class HealthRules
{
    public static IEnumerable<Finding> Check(TrafficFacts facts)
    {
        var profile = facts.Profile;
        var id = profile.Id.Value;

        // Stopped and disabled endpoints are never served; of the others all count when none is healthy.
        var eligible = profile.Endpoints.Where(one => one.Enabled && !Is(one, "Stopped") && !Is(one, "Inactive") && !Is(one, "Disabled")).ToList();
        if (eligible.Count > 0 && eligible.TrueForAll(one => Is(one, "Degraded")))
        {
            yield return new Finding(
                "DR-TM-030", FindingSeverity.Error, id,
                $"every endpoint that can be served is Degraded ({string.Join(", ", eligible.Select(one => $"'{one.Name}'"))}): users are led to them as if all were healthy",
                "at least one Online endpoint", "Look at what the profile probes; a wrong path looks like this, too.");
        }
        else if (profile.EndpointNamed(facts.Plan.Traffic.EndpointOf(facts.Active)) is { Enabled: true } active && Is(active, "Degraded"))
        {
            yield return new Finding(
                "DR-TM-031", FindingSeverity.Error, id, $"the endpoint '{active.Name}' is Degraded and carries the workload",
                "Online", "Look at the region's health, and at what the profile probes.");
        }

        foreach (var unseen in eligible.Where(one => !Is(one, "Online") && !Is(one, "Degraded") && !one.AlwaysServe))
        {
            yield return new Finding(
                "DR-TM-032", FindingSeverity.Unknown, id, $"the endpoint '{unseen.Name}' is {unseen.MonitorStatus}", "Online or Degraded",
                "Wait until the profile has probed it; then evaluate again.");
        }
    }

    private static bool Is(TrafficEndpoint endpoint, string status) => string.Equals(endpoint.MonitorStatus, status, StringComparison.OrdinalIgnoreCase);
}
