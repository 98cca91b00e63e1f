using DrFunctions.Recovery.Evaluation;

namespace DrFunctions.Recovery.Drills;

/// <summary>Reads the last drills; see <see cref="DrillRules"/>.</summary>
public sealed class DrillCheck(DrillLog drills) : IPlanCheck
{
    /// <inheritdoc/>
    public string Subject => "the drills";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> CheckAsync(EvaluatedPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return [.. DrillRules.Check(plan, await drills.ReadAsync(plan.Plan.Workload, cancellationToken))];
    }
}
