using System.Globalization;
using DrFunctions.Recovery.Evaluation;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Routing.Lint;

/// <summary>Users are shared as the strategy says: DR-TM-040 to 042.</summary>
internal static class WeightRules
{
    public static IEnumerable<Finding> Check(TrafficFacts facts)
    {
        var profile = facts.Profile;
        if (!profile.RoutesBy(RoutingMethods.Weighted))
        {
            yield break;
        }

        var id = profile.Id.Value;
        var served = profile.Endpoints.Where(one => one.Enabled).ToList();
        foreach (var unweighted in served.Where(one => one.Weight < 1))
        {
            yield return new Finding(
                "DR-TM-040", FindingSeverity.Unknown, id, $"the weight of '{unweighted.Name}' is not known", "a weight of 1 to 1000", "Set the weight.");
        }

        if (facts.Plan.Strategy != Strategy.ActiveActive && served.Count > 1)
        {
            yield return new Finding(
                "DR-TM-041", FindingSeverity.Error, id,
                $"users are shared by weight between {string.Join(" and ", served.Select(one => $"'{one.Name}'"))}, and the strategy is not active-active",
                "one enabled endpoint, or routing by priority: two regions that both take writes cannot be merged again",
                "Disable the standby's endpoint or route by priority; or finish or undo the ramp that left it so.");
        }
        else if (served.Where(one => one.Weight > 0).Select(one => one.Weight).Distinct().Count() > 1)
        {
            yield return new Finding(
                "DR-TM-042", FindingSeverity.Warning, id,
                $"the weights differ: {string.Join(", ", served.Select(one => string.Create(CultureInfo.InvariantCulture, $"'{one.Name}' {one.Weight}")))}",
                "equal weights, unless a ramp or canary is under way", "Finish the ramp, or set the weights that are meant.");
        }
    }
}
