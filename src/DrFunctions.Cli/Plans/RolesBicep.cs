using System.Globalization;
using System.Text;
using DrFunctions.Recovery.Permissions;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cli.Plans;

/// <summary>
/// A plan's roles as Bicep: one file for each resource group and subscription that something is needed in, each to be deployed there by
/// itself. Written from tables of plain text, since no compiler is here to check more.
/// </summary>
internal static class RolesBicep
{
    // Only to name what exists: any version that Resource Manager knows would do.
    private static readonly Dictionary<string, string> s_versions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Microsoft.DBforPostgreSQL/flexibleServers"] = "2024-08-01",
        ["Microsoft.Network/trafficManagerProfiles"] = "2022-04-01",
        ["Microsoft.Sql/servers"] = "2023-08-01",
        ["Microsoft.Sql/servers/failoverGroups"] = "2023-08-01",
        ["Microsoft.Storage/storageAccounts"] = "2024-01-01",
        ["Microsoft.Web/serverfarms"] = "2024-04-01",
        ["Microsoft.Web/sites"] = "2024-04-01",
    };

    /// <summary>Writes the files, by their names, in the order of their scopes.</summary>
    /// <param name="workload">Begins the files' names.</param>
    /// <param name="roles">The roles.</param>
    /// <exception cref="CliException">A resource is of a type that this version of dr cannot name in Bicep (<c>Failed</c>).</exception>
    public static IReadOnlyList<(string Name, string Text)> Of(string workload, PlanRoles roles) =>
    [
        .. roles.Assignments
            .GroupBy(one => ScopeOf(one.Scope), StringComparer.OrdinalIgnoreCase)
            .OrderBy(group => group.Key, StringComparer.OrdinalIgnoreCase)
            .Select(group => (FileOf(workload, group.Key), Text(group.Key, [.. group], roles))),
    ];

    private static string Text(string scope, IReadOnlyList<RoleAssignment> assignments, PlanRoles roles)
    {
        var isGroup = scope.Split('/').Length > 3;
        var (kind, here, called) = isGroup
            ? ("resourceGroup", "resourceGroup().id", "${resourceGroup().name}")
            : ("subscription", "subscription().id", "${subscription().subscriptionId}");
        var text = new StringBuilder();
        Add(text, $"// Written by 'dr plan roles --bicep': what the app's identity may do in {scope}. Not compiled by dr.");
        Add(text, isGroup
            ? $"// az deployment group create --subscription {Segment(scope, 2)} --resource-group {Segment(scope, 4)} --template-file FILE --parameters principalId=PRINCIPAL"
            : $"// az deployment sub create --subscription {Segment(scope, 2)} --location LOCATION --template-file FILE --parameters principalId=PRINCIPAL");
        Add(text, "// The data of storage accounts: modules/storageAccess.bicep.");
        Add(text, $"targetScope = '{kind}'");
        Add(text, "");
        Add(text, "@description('The object id of the app\\'s identity.')");
        Add(text, "param principalId string");
        var needed = roles.Definitions.Where(role => assignments.Any(one => one.Role == role.Name)).ToList();
        for (var index = 0; index < needed.Count; index++)
        {
            AddDefinition(text, index, needed[index], here, called);
        }

        var resources = assignments.Select(one => one.Scope).Where(id => !Same(id, scope)).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        for (var index = 0; index < resources.Count; index++)
        {
            var (type, name) = TypeOf(resources[index]);
            Add(text, "");
            Add(text, $"resource target{index} '{type}@{VersionOf(type)}' existing = {{");
            Add(text, $"  name: {Quote(name)}");
            Add(text, "}");
        }

        for (var index = 0; index < assignments.Count; index++)
        {
            var one = assignments[index];
            AddAssignment(text, index, needed.FindIndex(role => role.Name == one.Role), resources.FindIndex(id => Same(id, one.Scope)), here);
        }

        return text.ToString();
    }

    // Names of roles are unique in a tenant, and a role that is defined in one place cannot be assigned in another one.
    private static void AddDefinition(StringBuilder text, int index, RoleDefinition role, string here, string called)
    {
        Add(text, "");
        Add(text, $"resource role{index} 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {{");
        Add(text, $"  name: guid({here}, {Quote(role.Name)})");
        Add(text, "  properties: {");
        Add(text, $"    roleName: '{Inside(role.Name)} ({called})'");
        Add(text, $"    description: {Quote(role.Description)}");
        Add(text, "    type: 'CustomRole'");
        Add(text, "    assignableScopes: [");
        Add(text, $"      {here}");
        Add(text, "    ]");
        Add(text, "    permissions: [");
        Add(text, "      {");
        AddList(text, "actions", role.Actions);
        AddList(text, "notActions", []);
        AddList(text, "dataActions", role.DataActions);
        AddList(text, "notDataActions", []);
        Add(text, "      }");
        Add(text, "    ]");
        Add(text, "  }");
        Add(text, "}");
    }

    private static void AddAssignment(StringBuilder text, int index, int role, int target, string here)
    {
        Add(text, "");
        Add(text, $"resource assignment{index} 'Microsoft.Authorization/roleAssignments@2022-04-01' = {{");
        Add(text, $"  name: guid({(target < 0 ? here : $"target{target}.id")}, principalId, role{role}.id)");
        if (target >= 0)
        {
            Add(text, $"  scope: target{target}");
        }

        Add(text, "  properties: {");
        Add(text, "    principalId: principalId");
        Add(text, "    principalType: 'ServicePrincipal'");
        Add(text, $"    roleDefinitionId: role{role}.id");
        Add(text, "  }");
        Add(text, "}");
    }

    private static void AddList(StringBuilder text, string name, IReadOnlyList<string> items)
    {
        Add(text, items.Count == 0 ? $"        {name}: []" : $"        {name}: [");
        foreach (var item in items)
        {
            Add(text, $"          {Quote(item)}");
        }

        if (items.Count > 0)
        {
            Add(text, "        ]");
        }
    }

    // The resource group where there is one, else the subscription.
    private static string ScopeOf(string id) => string.Join('/', id.Split('/').Take(id.Split('/').Length >= 5 ? 5 : 3));

    private static string FileOf(string workload, string scope) =>
        $"{workload}-roles-{(scope.Split('/').Length > 3 ? $"{Segment(scope, 2)}-{Segment(scope, 4)}" : Segment(scope, 2))}.bicep".ToLower(CultureInfo.InvariantCulture);

    private static (string Type, string Name) TypeOf(string id)
    {
        if (!ResourceId.TryParse(id, out _))
        {
            throw Unnamed(id);
        }

        // /subscriptions/{s}/resourceGroups/{g}/providers/{namespace}/{type}/{name}[/{type}/{name}…]
        var parts = id.Split('/')[6..];
        var pairs = parts.Skip(1).Chunk(2).ToList();
        return ($"{parts[0]}/{string.Join('/', pairs.Select(pair => pair[0]))}", string.Join('/', pairs.Select(pair => pair[1])));
    }

    private static string VersionOf(string type) => s_versions.TryGetValue(type, out var version) ? version : throw Unnamed(type);

    private static CliException Unnamed(string what) => new(
        "Failed", $"'{what}' cannot be named in Bicep by this version of dr; it knows {string.Join(", ", s_versions.Keys)}.", "Use the commands that dr plan roles writes without --bicep.");

    private static string Segment(string scope, int index) => scope.Split('/')[index];

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static string Quote(string text) => $"'{Inside(text)}'";

    private static string Inside(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)
        .Replace("${", "\\${", StringComparison.Ordinal);

    private static void Add(StringBuilder text, string line) => text.Append(line).Append('\n');
}
