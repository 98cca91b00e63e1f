using DrFunctions.Recovery.Evaluation;
using DrFunctions.Recovery.Objectives;

namespace DrFunctions.App.Retention;

/// <summary>Says when prunes do not do what the plan asks of them.</summary>
internal sealed class PruneCheck(PruneStatusReader prunes) : IPlanCheck
{
    public string Subject => "the prunes";

    public async Task<IReadOnlyList<Finding>> CheckAsync(EvaluatedPlan plan, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        foreach (var policy in plan.Plan.Backups.Where(policy => policy.Retention is not null))
        {
            if (await prunes.ReadAsync(plan.Plan, policy, cancellationToken) is { Verdict: ObjectiveVerdict.Breached or ObjectiveVerdict.AtRisk } status)
            {
                findings.Add(new Finding(
                    "DR-DATA-008",
                    FindingSeverity.Warning,
                    $"backups.{policy.Name}",
                    status.Detail,
                    "prunes that come to their end in both regions",
                    $"Look at 'dr backup status {plan.Plan.Workload}'; the next prune goes on where this one ended."));
            }
        }

        return findings;
    }
}
