using DrFunctions.Recovery.Evaluation;

namespace DrFunctions.App.RestoreTests;

/// <summary>Reads what restore tests showed; see <see cref="RestoreTestRules"/>.</summary>
internal sealed class RestoreTestCheck(RestoreTestLog log) : IPlanCheck
{
    public string Subject => "the restore tests";

    public async Task<IReadOnlyList<Finding>> CheckAsync(EvaluatedPlan plan, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        foreach (var policy in plan.Plan.Backups.Where(policy => policy.RestoreTest is not null))
        {
            var state = await log.FindStateAsync(plan.Plan.Workload, policy.Name, cancellationToken);
            var last = await log.FindLastAsync(plan.Plan.Workload, policy.Name, cancellationToken);
            findings.AddRange(RestoreTestRules.Check(policy, state?.Value, last, plan.Now));
        }

        return findings;
    }
}
