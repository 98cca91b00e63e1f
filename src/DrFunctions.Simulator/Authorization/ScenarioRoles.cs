namespace DrFunctions.Simulator.Authorization;

/// <summary>The mistakes of a scenario's permissions.</summary>
internal static class ScenarioRoles
{
    public static void Check(List<string> errors, Scenario scenario)
    {
        var subscription = "/subscriptions/" + scenario.SubscriptionId;
        for (var i = 0; i < scenario.Permissions.Count; i++)
        {
            var one = scenario.Permissions[i];
            if (one.Scope is { } scope
                && (scope.EndsWith('/') || !(scope + "/").StartsWith(subscription + "/", StringComparison.OrdinalIgnoreCase)))
            {
                errors.Add($"permissions[{i}].scope: expected '{subscription}' or an id in it and found '{scope}'");
            }

            foreach (var (member, patterns) in new[]
            {
                ("actions", one.Actions), ("notActions", one.NotActions), ("dataActions", one.DataActions), ("notDataActions", one.NotDataActions),
            })
            {
                if (patterns.FirstOrDefault(pattern => string.IsNullOrWhiteSpace(pattern) || pattern.Any(char.IsWhiteSpace)) is { } wrong)
                {
                    errors.Add($"permissions[{i}].{member}: expected operations such as 'Microsoft.Web/sites/read' or '*' and found '{wrong}'");
                }
            }
        }
    }
}
