using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Evaluation.Permissions;

/// <summary>Reads what the app's identity may do wherever a runbook needs it; see <see cref="PermissionRules"/>.</summary>
public sealed class PermissionCheck(IPermissionReader permissions) : IPlanCheck
{
    /// <inheritdoc/>
    public string Subject => "the permissions of the app's identity";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> CheckAsync(EvaluatedPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var required = plan.Plan.Runbooks.Values
            .SelectMany(runbook => runbook.Steps)
            .SelectMany(step => StepKindCatalog.Of(step).Permissions(step, plan.Plan))
            .Where(permission => permission.Kind != PermissionKind.StorageData) // Backups that arrive show these.
            .Distinct()
            .ToList();
        var granted = new Dictionary<string, IReadOnlyList<PermissionGrant>>(StringComparer.OrdinalIgnoreCase);
        foreach (var scope in required.Select(one => one.Scope).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            try
            {
                granted[scope] = await permissions.ReadAsync(scope, cancellationToken);
            }
            catch (RecoveryException)
            {
                // The rules say of the scope that it was not seen.
            }
        }

        return PermissionRules.Check(required, granted);
    }
}
