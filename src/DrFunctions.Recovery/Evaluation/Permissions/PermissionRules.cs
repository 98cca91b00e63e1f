namespace DrFunctions.Recovery.Evaluation.Permissions;

/// <summary>The app's identity may do what its runbooks need. Pure.</summary>
public static class PermissionRules
{
    /// <summary>One finding for each scope where an action is missing, or where it could not be seen what is allowed.</summary>
    /// <param name="required">Azure actions and the resource ids where they are needed.</param>
    /// <param name="granted">What is allowed there by scope; a scope that is not in it could not be seen.</param>
    public static IReadOnlyList<Finding> Check(
        IEnumerable<(string Action, string Scope)> required, IReadOnlyDictionary<string, IReadOnlyList<PermissionGrant>> granted)
    {
        ArgumentNullException.ThrowIfNull(required);
        ArgumentNullException.ThrowIfNull(granted);
        var findings = new List<Finding>();
        foreach (var scope in required.GroupBy(one => one.Scope, one => one.Action, StringComparer.OrdinalIgnoreCase))
        {
            var needed = scope.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase).ToList();
            if (!granted.TryGetValue(scope.Key, out var grants))
            {
                findings.Add(new Finding(
                    "DR-PERM-002", FindingSeverity.Unknown, scope.Key, "it could not be seen what the app's identity may do",
                    $"a right to {string.Join(", ", needed)}", "Give the identity Microsoft.Authorization/*/read there, and evaluate again."));
            }
            else if (needed.Where(action => !grants.Any(grant => grant.Allows(action))).ToList() is { Count: > 0 } missing)
            {
                findings.Add(new Finding(
                    "DR-PERM-001", FindingSeverity.Error, scope.Key, $"the app's identity may not {string.Join(", ", missing)}",
                    "these rights, which the plan's runbooks need", "Assign a role that has them to the app's identity."));
            }
        }

        return findings;
    }
}
