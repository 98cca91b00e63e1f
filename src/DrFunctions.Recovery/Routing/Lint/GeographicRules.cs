using DrFunctions.Recovery.Evaluation;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Routing.Lint;

/// <summary>Geographic routing leads users to a dead endpoint and nowhere else: DR-TM-010 to 013.</summary>
internal static class GeographicRules
{
    private const string World = "WORLD";

    public static IEnumerable<Finding> Check(TrafficFacts facts)
    {
        var profile = facts.Profile;
        if (!profile.RoutesBy(RoutingMethods.Geographic))
        {
            yield break;
        }

        var id = profile.Id.Value;
        foreach (var endpoint in profile.Endpoints.Where(one => one.Enabled))
        {
            if (endpoint.Kind != EndpointKind.Nested)
            {
                yield return new Finding(
                    "DR-TM-010", FindingSeverity.Error, id,
                    $"the geographic endpoint '{endpoint.Name}' is one target: its users are led to it when it is dead",
                    "a nested profile with at least two endpoints", "Put a priority or weighted profile between, with the other region as its second endpoint.");
            }
            else if (facts.ChildOf(endpoint) is not { } child)
            {
                yield return new Finding(
                    "DR-TM-011", FindingSeverity.Unknown, id, $"the nested profile of '{endpoint.Name}' could not be read", "a profile that can be read",
                    "Look at whether it exists, and at the app's permissions on it.");
            }
            else if (child.Endpoints.Count < 2 || (child.Endpoints.Count(one => one.Enabled) < 2 && !IsLeft(facts)))
            {
                yield return new Finding(
                    "DR-TM-012", FindingSeverity.Error, child.Id.Value,
                    $"the nested profile of the geographic endpoint '{endpoint.Name}' has {child.Endpoints.Count(one => one.Enabled)} enabled endpoint(s)",
                    "at least two, in two regions", "Add the other region's endpoint, and enable it.");
            }
        }

        if (!profile.Endpoints.Any(one => one.Enabled && one.Places.Contains(World, StringComparer.OrdinalIgnoreCase)))
        {
            yield return new Finding(
                "DR-TM-013", FindingSeverity.Error, id, "WORLD is mapped to no enabled endpoint: users from places that nobody mapped get no answer",
                "WORLD mapped to one endpoint", "Map WORLD.");
        }
    }

    // After a failover the endpoint of the region that users left is disabled on purpose.
    private static bool IsLeft(TrafficFacts facts) => facts.Plan.Strategy == Strategy.ActiveActive && !facts.IsShared;
}
