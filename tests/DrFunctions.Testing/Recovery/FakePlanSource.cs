using DrFunctions.Recovery;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Testing.Recovery;

/// <summary>Plans in memory; the version of a workload's n-th plan is <c>v{n}</c>.</summary>
public sealed class FakePlanSource(Interception interception) : IPlanSource
{
    private readonly Dictionary<string, List<WorkloadPlan>> _plans = [];

    /// <summary>Applies a plan and returns its version.</summary>
    public string Apply(WorkloadPlan plan)
    {
        if (!_plans.TryGetValue(plan.Workload, out var versions))
        {
            _plans[plan.Workload] = versions = [];
        }

        versions.Add(plan);
        return $"v{versions.Count}";
    }

    public Task<(WorkloadPlan Plan, string Version)?> FindCurrentAsync(string workload, CancellationToken cancellationToken) =>
        interception.CallAsync<(WorkloadPlan, string)?>(
            "FindPlan", () => _plans.TryGetValue(workload, out var versions) ? (versions[^1], $"v{versions.Count}") : null);

    public Task<WorkloadPlan> ReadAsync(string workload, string version, CancellationToken cancellationToken) =>
        interception.CallAsync("ReadPlan", () =>
            _plans.GetValueOrDefault(workload)?.Select((plan, index) => (Plan: plan, Version: $"v{index + 1}")).FirstOrDefault(one => one.Version == version).Plan
            ?? throw new RecoveryException("PlanNotFound", $"'{workload}' has no plan '{version}'.", isTransient: false, "Apply it."));
}
