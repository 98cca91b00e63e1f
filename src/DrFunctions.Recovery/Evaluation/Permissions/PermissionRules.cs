using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Evaluation.Permissions;

/// <summary>The app's identity may do what its runbooks need. Pure.</summary>
public static class PermissionRules
{
    /// <summary>One finding for each scope where an action is missing, or where it could not be seen what is allowed.</summary>
    /// <param name="required">What the steps need, and where.</param>
    /// <param name="granted">What is allowed there by scope; a scope that is not in it could not be seen.</param>
    public static IReadOnlyList<Finding> Check(
        IEnumerable<RequiredPermission> required, IReadOnlyDictionary<string, IReadOnlyList<PermissionGrant>> granted)
    {
        ArgumentNullException.ThrowIfNull(required);
        ArgumentNullException.ThrowIfNull(granted);
        var findings = new List<Finding>();
        foreach (var scope in required.GroupBy(one => one.Scope, StringComparer.OrdinalIgnoreCase))
        {
            var needed = scope.DistinctBy(one => (one.Kind, one.Action.ToUpperInvariant()))
                .OrderBy(one => one.Action, StringComparer.OrdinalIgnoreCase).ToList();
            if (!granted.TryGetValue(scope.Key, out var grants))
            {
                findings.Add(new Finding(
                    "DR-PERM-002", FindingSeverity.Unknown, scope.Key, "it could not be seen what the app's identity may do",
                    $"a right to {Text(needed)}", "Give the identity Microsoft.Authorization/*/read there, and evaluate again."));
            }
            else if (needed.FindAll(one => !grants.Any(grant => grant.Allows(one))) is { Count: > 0 } missing)
            {
                findings.Add(new Finding(
                    "DR-PERM-001", FindingSeverity.Error, scope.Key, $"the app's identity may not {Text(missing)}",
                    "these rights, which the plan's runbooks need", "Assign a role that has them to the app's identity."));
            }
        }

        return findings;
    }

    private static string Text(List<RequiredPermission> permissions) => string.Join(", ", permissions.Select(one => one.Action));
}
