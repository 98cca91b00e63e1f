namespace DrFunctions.Recovery.Evaluation.Resources;

/// <summary>Reads the web apps of both regions; see <see cref="ResourceRules"/>.</summary>
public sealed class ResourceCheck(IResourceReader resources) : IPlanCheck
{
    /// <inheritdoc/>
    public string Subject => "the web apps of both regions";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> CheckAsync(EvaluatedPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return ResourceRules.Check(
            plan,
            await resources.ReadWebAppAsync(plan.Plan.Primary.WebApp, cancellationToken),
            await resources.ReadWebAppAsync(plan.Plan.Secondary.WebApp, cancellationToken));
    }
}
