using System.Globalization;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Steps.Approval;
using DrFunctions.Recovery.Steps.Restore;
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

    /// <summary>Knows <c>timeout</c>, in seconds, of an approval <c>required</c>, and of a restore <c>snapshot</c>.</summary>
    public async Task<WorkloadPlan> ReadChangedAsync(
        string workload, string version, string runbook, string step, IReadOnlyDictionary<string, string> fields, CancellationToken cancellationToken)
    {
        var plan = await ReadAsync(workload, version, cancellationToken);
        return plan with
        {
            Runbooks = plan.Runbooks.ToDictionary(book => book.Key, book => book.Value with
            {
                Steps = [.. book.Value.Steps.Select(one => one.Name == step ? fields.Aggregate(one, (changed, field) => Change(changed, field.Key, field.Value)) : one)],
            }),
        };
    }

    private static RunbookStep Change(RunbookStep step, string field, string value) => (step, field) switch
    {
        (_, "timeout") when double.TryParse(value, CultureInfo.InvariantCulture, out var seconds) => step with { Timeout = TimeSpan.FromSeconds(seconds) },
        (ApprovalStep approval, "required") when int.TryParse(value, CultureInfo.InvariantCulture, out var required) =>
            approval with { Rule = approval.Rule with { Required = required } },
        (RestoreStep restore, "snapshot") => restore with { Snapshot = value },
        _ => throw new RecoveryException("StepFieldsInvalid", $"{field}: '{value}', expected another.", isTransient: false, "Correct the step's parameters."),
    };
}
