using DrFunctions.Recovery.Evaluation;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Routing.Lint;

/// <summary>The profile and its endpoints are those of the plan: DR-TM-001 to 007.</summary>
internal static class EndpointRules
{
    public static IEnumerable<Finding> Check(TrafficFacts facts)
    {
        var (plan, profile) = (facts.Plan, facts.Profile);
        var id = profile.Id.Value;
        if (!profile.Enabled)
        {
            yield return new Finding(
                "DR-TM-001", FindingSeverity.Error, id, "the profile is disabled: its name does not resolve",
                "an enabled profile", "Enable the profile.");
        }

        foreach (var role in new[] { RegionRole.Primary, RegionRole.Secondary })
        {
            var name = plan.Traffic.EndpointOf(role);
            if (profile.EndpointNamed(name) is not { } endpoint)
            {
                yield return new Finding(
                    "DR-TM-002", FindingSeverity.Error, id,
                    $"the profile has no endpoint '{name}'; it has {string.Join(", ", profile.Endpoints.Select(one => $"'{one.Name}'"))}",
                    $"an endpoint '{name}' for {plan.RegionOf(role).Name}", "Create the endpoint, or correct the plan's traffic.endpoints.");
                continue;
            }

            foreach (var finding in Endpoint(facts, role, endpoint))
            {
                yield return finding;
            }
        }

        foreach (var foreign in profile.Endpoints.Where(one =>
            !Same(one.Name, plan.Traffic.PrimaryEndpoint) && !Same(one.Name, plan.Traffic.SecondaryEndpoint)))
        {
            yield return new Finding(
                "DR-TM-003", FindingSeverity.Warning, id, $"the endpoint '{foreign.Name}' ({foreign.Target}) is not the plan's",
                $"'{plan.Traffic.PrimaryEndpoint}' and '{plan.Traffic.SecondaryEndpoint}' only",
                "Remove it if users must not be led there: a failover leaves it as it is.");
        }
    }

    private static IEnumerable<Finding> Endpoint(TrafficFacts facts, RegionRole role, TrafficEndpoint endpoint)
    {
        var id = facts.Profile.Id.Value;
        var region = facts.Plan.RegionOf(role);
        if (Leads(facts, endpoint, region) is { } elsewhere)
        {
            yield return elsewhere;
        }

        if (!endpoint.Enabled && (role == facts.Active || facts.IsShared))
        {
            yield return new Finding(
                "DR-TM-006", FindingSeverity.Error, id, $"the endpoint '{endpoint.Name}' is disabled, and {region.Name} carries the workload",
                "an enabled endpoint: users are led elsewhere", "Enable it, or find out who disabled it.");
        }
        else if (!endpoint.Enabled && facts.Active == RegionRole.Primary)
        {
            // After a failover the old primary's endpoint is disabled on purpose.
            yield return new Finding(
                "DR-TM-005", FindingSeverity.Warning, id, $"the standby's endpoint '{endpoint.Name}' is disabled",
                "an enabled standby: disabled, nobody is led there until a run enables it", "Enable it, unless only runs may move users.");
        }

        if (role == facts.Active && !facts.IsShared && endpoint.Enabled && facts.Profile.RoutesBy(RoutingMethods.Priority)
            && facts.Profile.Endpoints.Where(one => one.Enabled).MinBy(one => one.Priority) is { } first && !Same(first.Name, endpoint.Name))
        {
            yield return new Finding(
                "DR-TM-007", FindingSeverity.Error, id,
                $"'{first.Name}' comes before '{endpoint.Name}', and {region.Name} carries the workload",
                $"'{endpoint.Name}' first among the enabled endpoints", "Correct the priorities, or run the runbook that moves the workload.");
        }
    }

    private static Finding? Leads(TrafficFacts facts, TrafficEndpoint endpoint, Region region)
    {
        var id = facts.Profile.Id.Value;
        if (endpoint.Kind == EndpointKind.Nested)
        {
            return facts.ChildOf(endpoint) is { } child && !child.Endpoints.Any(one => RegionTargets.IsOf(one, region))
                ? Elsewhere($"the nested profile '{child.Id.Name}', none of whose endpoints is {region.WebApp.Name}")
                : null;
        }

        return RegionTargets.IsOf(endpoint, region) ? null : Elsewhere(endpoint.Resource?.Value ?? $"'{endpoint.Target}'");

        Finding Elsewhere(string where) => new(
            "DR-TM-004", FindingSeverity.Error, id, $"the endpoint '{endpoint.Name}' leads to {where}",
            $"{region.Name}'s web app '{region.WebApp}', or the host of its health address '{region.Health.Host}'",
            "Correct the endpoint's target, or the plan's region.");
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
