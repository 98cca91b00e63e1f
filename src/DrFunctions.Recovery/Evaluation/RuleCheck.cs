namespace DrFunctions.Recovery.Evaluation;

/// <summary>Tells which rules of a newer version the applied plan breaks. Looks at nothing but the plan.</summary>
public sealed class RuleCheck : IPlanCheck
{
    /// <inheritdoc/>
    public string Subject => "the plan's rules";

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> CheckAsync(EvaluatedPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Task.FromResult<IReadOnlyList<Finding>>([.. plan.Plan.BrokenRules.Select(rule => new Finding(
            "DR-PLAN-001", FindingSeverity.Error, rule.Path, rule.Message, "a plan that could be applied today", "Correct the plan and apply it: dr plan check tells all mistakes."))]);
    }
}
