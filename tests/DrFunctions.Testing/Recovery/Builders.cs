namespace DrFunctions.Testing.Recovery;

/// <summary>For <c>using static</c>.</summary>
public static class Builders
{
    /// <summary>A plan for the workload <c>shop</c> in <c>westeurope</c> and <c>northeurope</c>, with one store and a runbook <c>failover</c>.</summary>
    public static PlanBuilder APlan() => new();
}
