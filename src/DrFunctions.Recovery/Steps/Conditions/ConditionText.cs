using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Conditions;

/// <summary>Conditions in words.</summary>
internal static class ConditionText
{
    public static string Of(Condition condition, WorkloadPlan plan) => condition switch
    {
        Condition.Green green => $"{plan.RegionOf(green.Region).Name} is healthy",
        Condition.Red red => $"{plan.RegionOf(red.Region).Name} is not healthy",
        Condition.ActiveIn active => $"{plan.RegionOf(active.Region).Name} carries '{plan.Workload}'",
        Condition.RestorePointAge point => $"the newest snapshot of '{point.Store}' in {plan.RegionOf(point.Region).Name} is at most {point.AtMost} old",
        Condition.Endpoint endpoint => $"the endpoint '{plan.Traffic.EndpointOf(endpoint.Region)}' is {(endpoint.IsEnabled ? "enabled" : "disabled")}",
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, "This condition has no words yet."),
    };
}
