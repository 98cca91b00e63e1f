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
            .OrderBy(runbook => runbook.Name, StringComparer.Ordinal)
            .SelectMany(runbook => runbook.Steps.Select(step => (Name: $"{runbook.Name}.{step.Name}", Step: step)))
            .SelectMany(one => StepKindCatalog.Of(one.Step).Permissions(one.Step, plan.Plan).Select(permission => new StepRight(one.Name, permission)))
            .Where(one => one.Permission.Kind != PermissionKind.StorageData) // Backups that arrive show these.
            .Distinct()
            .ToList();
        var granted = new Dictionary<string, IReadOnlyList<PermissionGrant>>(StringComparer.OrdinalIgnoreCase);
        foreach (var scope in required.Select(one => one.Permission.Scope).Distinct(StringComparer.OrdinalIgnoreCase))
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
