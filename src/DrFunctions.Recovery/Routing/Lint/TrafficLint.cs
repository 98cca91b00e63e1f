using DrFunctions.Recovery.Evaluation;

namespace DrFunctions.Recovery.Routing.Lint;

/// <summary>Finds what is wrong with a Traffic Manager profile before the night it is needed. Pure.</summary>
public static class TrafficLint
{
    /// <summary>All findings, the worst first, then by code.</summary>
    public static IReadOnlyList<Finding> Check(TrafficFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return
        [
            .. EndpointRules.Check(facts)
                .Concat(ProbeRules.Check(facts))
                .Concat(HealthRules.Check(facts))
                .Concat(GeographicRules.Check(facts))
                .Concat(NestingRules.Check(facts))
                .Concat(WeightRules.Check(facts))
                .OrderByDescending(finding => finding.Severity)
                .ThenBy(finding => finding.Code, StringComparer.Ordinal),
        ];
    }
}
