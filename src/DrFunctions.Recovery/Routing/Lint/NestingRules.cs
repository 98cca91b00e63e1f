using System.Globalization;
using DrFunctions.Recovery.Evaluation;

namespace DrFunctions.Recovery.Routing.Lint;

/// <summary>Nested endpoints are left when they should be, and are the plan's: DR-TM-008, 014 to 017.</summary>
internal static class NestingRules
{
    public static IEnumerable<Finding> Check(TrafficFacts facts) => Nested(facts).Concat(OfThePlan(facts));

    private static IEnumerable<Finding> Nested(TrafficFacts facts)
    {
        foreach (var endpoint in facts.Profile.Endpoints.Where(one => one.Kind == EndpointKind.Nested))
        {
            if (facts.ChildOf(endpoint) is not { } child)
            {
                // Geographic profiles say so themselves.
                if (!facts.Profile.RoutesBy(RoutingMethods.Geographic))
                {
                    yield return new Finding(
                        "DR-TM-014", FindingSeverity.Unknown, facts.Profile.Id.Value, $"the nested profile of '{endpoint.Name}' could not be read",
                        "a profile that can be read", "Look at whether it exists, and at the app's permissions on it.");
                }

                continue;
            }

            foreach (var finding in Child(facts, endpoint, child))
            {
                yield return finding;
            }
        }
    }

    // What a step would write must be what users are led through.
    private static IEnumerable<Finding> OfThePlan(TrafficFacts facts)
    {
        foreach (var nested in facts.Plan.Traffic.Nested)
        {
            var id = nested.Route.Profile;
            if (!facts.Profile.Endpoints.Any(one => one.Kind == EndpointKind.Nested && one.Resource == id))
            {
                yield return new Finding(
                    "DR-TM-008", FindingSeverity.Error, id.Value, $"no endpoint of '{facts.Profile.Id.Name}' leads to the nested profile '{nested.Name}'",
                    "a nested endpoint: steps that write it move nobody else", "Correct the plan's traffic.nested, or the profile's endpoints.");
            }
            else if (facts.Children.GetValueOrDefault(id) is { } child)
            {
                foreach (var name in new[] { nested.Route.PrimaryEndpoint, nested.Route.SecondaryEndpoint }.Where(name => child.EndpointNamed(name) is null))
                {
                    yield return new Finding(
                        "DR-TM-008", FindingSeverity.Error, id.Value,
                        $"the nested profile has no endpoint '{name}'; it has {string.Join(", ", child.Endpoints.Select(one => $"'{one.Name}'"))}",
                        $"an endpoint '{name}'", "Create the endpoint, or correct the plan's traffic.nested.");
                }
            }
        }
    }

    private static IEnumerable<Finding> Child(TrafficFacts facts, TrafficEndpoint endpoint, TrafficProfile child)
    {
        var id = facts.Profile.Id.Value;
        var least = endpoint.MinimumChildren ?? 1;
        var enabled = child.Endpoints.Count(one => one.Enabled);
        if (!child.Enabled)
        {
            yield return new Finding(
                "DR-TM-015", FindingSeverity.Error, child.Id.Value, $"the nested profile of '{endpoint.Name}' is disabled", "an enabled profile",
                "Enable it.");
        }

        if (least > enabled)
        {
            yield return new Finding(
                "DR-TM-016", FindingSeverity.Error, id,
                string.Create(CultureInfo.InvariantCulture, $"'{endpoint.Name}' is healthy with {least} endpoints online, and its profile has {enabled} enabled"),
                string.Create(CultureInfo.InvariantCulture, $"minChildEndpoints of at most {enabled}"), "Lower minChildEndpoints, or enable more endpoints.");
        }
        else if (least > 1 && child.RoutesBy(RoutingMethods.Priority))
        {
            yield return new Finding(
                "DR-TM-017", FindingSeverity.Warning, id,
                string.Create(CultureInfo.InvariantCulture, $"'{endpoint.Name}' is left when fewer than {least} endpoints of its priority profile are online"),
                "minChildEndpoints 1: one endpoint has all users of a priority profile", "Set minChildEndpoints to 1.");
        }
    }
}
