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

    /// <summary>Knows one field, <c>timeout</c>, in seconds.</summary>
    public async Task<WorkloadPlan> ReadChangedAsync(
        string workload, string version, string runbook, string step, IReadOnlyDictionary<string, string> fields, CancellationToken cancellationToken)
    {
        var plan = await ReadAsync(workload, version, cancellationToken);
        if (fields.Keys.Any(field => field != "timeout") || !double.TryParse(fields["timeout"], out var seconds))
        {
            throw new RecoveryException("StepFieldsInvalid", "timeout: expected seconds.", isTransient: false, "Correct the step's parameters.");
        }

        return plan with
        {
            Runbooks = plan.Runbooks.ToDictionary(book => book.Key, book => book.Value with
            {
                Steps = [.. book.Value.Steps.Select(one => one.Name == step ? one with { Timeout = TimeSpan.FromSeconds(seconds) } : one)],
            }),
        };
    }
}
