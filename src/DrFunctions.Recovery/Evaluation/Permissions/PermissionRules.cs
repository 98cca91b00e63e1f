using System.Globalization;

namespace DrFunctions.Recovery.Evaluation.Permissions;

/// <summary>The app's identity may do what its runbooks need. Pure.</summary>
public static class PermissionRules
{
    private const int MostSteps = 3;

    /// <summary>One finding for each scope where an action is missing, or where it could not be seen what is allowed.</summary>
    /// <param name="required">What the steps need, and where.</param>
    /// <param name="granted">What is allowed there by scope; a scope that is not in it could not be seen.</param>
    public static IReadOnlyList<Finding> Check(
        IEnumerable<StepRight> required, IReadOnlyDictionary<string, IReadOnlyList<PermissionGrant>> granted)
    {
        ArgumentNullException.ThrowIfNull(required);
        ArgumentNullException.ThrowIfNull(granted);
        var findings = new List<Finding>();
        foreach (var scope in required.GroupBy(one => one.Permission.Scope, StringComparer.OrdinalIgnoreCase))
        {
            var needed = scope
                .GroupBy(one => (one.Permission.Kind, one.Permission.Action.ToUpperInvariant()))
                .Select(group => (group.First().Permission, Steps: group.Select(one => one.Step).Distinct(StringComparer.Ordinal).ToList()))
                .OrderBy(one => one.Permission.Action, StringComparer.OrdinalIgnoreCase)
                .ToList();
            if (!granted.TryGetValue(scope.Key, out var grants))
            {
                findings.Add(new Finding(
                    "DR-PERM-002", FindingSeverity.Unknown, scope.Key, "it could not be seen what the app's identity may do",
                    $"a right to {string.Join(", ", needed.Select(one => one.Permission.Action))}",
                    "Give the identity Microsoft.Authorization/permissions/read there, which the role Reader has, and evaluate again."));
            }
            else if (needed.FindAll(one => !grants.Any(grant => grant.Allows(one.Permission))) is { Count: > 0 } missing)
            {
                findings.Add(new Finding(
                    "DR-PERM-001", FindingSeverity.Error, scope.Key,
                    $"the app's identity may not {string.Join(", ", missing.Select(one => $"{one.Permission.Action} (needed by {Text(one.Steps)})"))}",
                    "these rights, which the plan's runbooks need", "Assign a role that has them to the app's identity: 'dr plan roles' writes it."));
            }
        }

        return findings;
    }

    private static string Text(List<string> steps) => string.Join(", ", steps.Take(MostSteps))
        + (steps.Count > MostSteps ? string.Create(CultureInfo.InvariantCulture, $" and {steps.Count - MostSteps} more") : "");
}
