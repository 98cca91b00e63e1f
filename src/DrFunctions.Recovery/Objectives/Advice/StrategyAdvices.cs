using DrFunctions.Recovery.Objectives.Strategies;
using DrFunctions.Recovery.Objectives.Uptime;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Objectives.Advice;

/// <summary>Findings about the strategy, the objectives and the tier.</summary>
internal static class StrategyAdvices
{
    public static IEnumerable<AdviceFinding> Of(WorkloadPlan plan, StrategyAdvice advised)
    {
        var declared = StrategyMatrix.Of(plan.Strategy);
        var wanted = StrategyNames.Of(advised.Reach.Strategy);
        if (!advised.IsReached)
        {
            yield return new AdviceFinding(
                AdviceCodes.ObjectivesOutOfReach, AdviceKind.FallsShort, "objectives",
                StrategyMatrix.Shortfall(advised.Reach, plan.Objectives),
                "Ask the business for objectives that can be kept, or keep the data in one place that never moves.");
        }

        if (declared.Strategy < advised.Reach.Strategy)
        {
            yield return new AdviceFinding(
                AdviceCodes.StrategyTooWeak, AdviceKind.FallsShort, "strategy",
                $"{StrategyMatrix.Shortfall(declared, plan.Objectives)} Expected {wanted}.",
                $"Run the second region as {wanted} and declare it, or relax the objective.");
        }
        else if (advised.IsReached && declared.Strategy > advised.Reach.Strategy)
        {
            yield return new AdviceFinding(
                AdviceCodes.StrategyDearer, AdviceKind.Note, "strategy",
                $"{StrategyNames.Of(declared.Strategy)} is declared, and {wanted} reaches RPO {SpanText.Of(plan.Objectives.Rpo)} and RTO {SpanText.Of(plan.Objectives.Rto)}.",
                $"Keep it if the margin is wanted; {wanted} costs less.");
        }

        if (plan.Tier is { } tier && Outages(plan) is var outages && WorkloadTiers.LongestRto(tier, outages) is var longest && plan.Objectives.Rto > longest)
        {
            var uptime = WorkloadTiers.Uptime(tier);
            yield return new AdviceFinding(
                AdviceCodes.RtoAboveTier, AdviceKind.FallsShort, "objectives.rto",
                $"RTO {SpanText.Of(plan.Objectives.Rto)}, expected at most {SpanText.Of(longest)}: tier {tier.ToString().ToLowerInvariant()} is {uptime}, "
                    + $"{SpanText.Of(Downtime.Of(uptime).PerYear)} of downtime a year.",
                "Shorten the RTO, or choose the tier that the workload really has.");
        }
    }

    // What the plan does not say counts as once a year.
    private static decimal Outages(WorkloadPlan plan) => Math.Max(1, plan.Impact?.Loss.LossesPerYear ?? 1);
}
