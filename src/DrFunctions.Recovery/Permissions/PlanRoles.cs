using System.Security.Cryptography;
using System.Text;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Permissions;

/// <summary>The roles that the app's identity needs for a plan, made from the permissions of all steps. Pure.</summary>
/// <param name="Definitions">Custom roles, one for each different set of operations.</param>
/// <param name="Assignments">Which role is needed on what.</param>
/// <param name="Storage">Which built-in role is needed on the accounts behind which app settings.</param>
public sealed record PlanRoles(
    IReadOnlyList<RoleDefinition> Definitions, IReadOnlyList<RoleAssignment> Assignments, IReadOnlyList<StorageRole> Storage)
{
    // To tell before the night which of the others is missing.
    private const string SeeRights = "Microsoft.Authorization/permissions/read";

    private const string ReadBlobs = "Storage Blob Data Reader";
    private const string WriteBlobs = "Storage Blob Data Contributor";

    /// <summary>The roles of a plan, all its runbooks together. The same plan gives the same roles, in the same order.</summary>
    public static PlanRoles Of(WorkloadPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var needed = Watching(plan)
            .Concat(plan.Runbooks.Values.SelectMany(runbook => runbook.Steps).SelectMany(step => StepKindCatalog.Of(step).Permissions(step, plan)))
            .ToList();
        var byScope = needed
            .Where(one => one.Kind != PermissionKind.StorageData)
            .SelectMany(one => new[] { one, new RequiredPermission(SeeRights, one.Scope) })
            .GroupBy(one => one.Scope, StringComparer.OrdinalIgnoreCase)
            .OrderBy(group => group.Key, StringComparer.OrdinalIgnoreCase)
            .Select(group => (Scope: group.Key, Actions: Operations(group, PermissionKind.Management), Data: Operations(group, PermissionKind.Data)))
            .ToList();
        var definitions = new List<RoleDefinition>();
        var assignments = new List<RoleAssignment>();
        foreach (var group in byScope.GroupBy(one => $"{string.Join(',', one.Actions)}|{string.Join(',', one.Data)}", StringComparer.OrdinalIgnoreCase))
        {
            var first = group.First();
            var definition = new RoleDefinition(
                $"DrFunctions {plan.Workload} {Digest(group.Key)}",
                $"What the runbooks of {plan.Workload} do with {string.Join(", ", group.Select(one => one.Scope[(one.Scope.LastIndexOf('/') + 1)..]))}.",
                first.Actions,
                first.Data,
                [.. group.Select(one => Assignable(one.Scope)).Distinct(StringComparer.OrdinalIgnoreCase)]);
            definitions.Add(definition);
            assignments.AddRange(group.Select(one => new RoleAssignment(definition.Name, one.Scope)));
        }

        return new PlanRoles(definitions, assignments, Storages(plan, needed));
    }

    // What the app looks at between runs, to judge incidents and the plan itself: sites and their plans, profiles, replications.
    private static IEnumerable<RequiredPermission> Watching(WorkloadPlan plan) =>
    [
        new RequiredPermission("Microsoft.Web/sites/read", plan.Primary.WebApp.Value),
        new RequiredPermission("Microsoft.Web/sites/read", plan.Secondary.WebApp.Value),
        .. plan.Traffic.Nested.Select(nested => nested.Route.Profile).Prepend(plan.Traffic.Profile)
            .Select(profile => new RequiredPermission("Microsoft.Network/trafficManagerProfiles/read", profile.Value)),
        .. new[] { plan.Primary.WebApp, plan.Secondary.WebApp }
            .Select(site => new RequiredPermission("Microsoft.Web/serverfarms/read", $"{site.Subscription}/resourceGroups/{site.ResourceGroup}")),
        .. plan.Stores.SelectMany(Watching),
    ];

    // Replicas are asked of the primary, which is another server after each switch.
    private static IEnumerable<RequiredPermission> Watching(DataStore store) => store switch
    {
        PostgresStore postgres =>
        [
            new RequiredPermission("Microsoft.DBforPostgreSQL/flexibleServers/read", postgres.Primary.Value),
            new RequiredPermission("Microsoft.DBforPostgreSQL/flexibleServers/read", postgres.Secondary.Value),
            new RequiredPermission("Microsoft.DBforPostgreSQL/flexibleServers/replicas/read", postgres.Primary.Value),
            new RequiredPermission("Microsoft.DBforPostgreSQL/flexibleServers/replicas/read", postgres.Secondary.Value),
            new RequiredPermission("Microsoft.Insights/metrics/read", postgres.Primary.Value),
            new RequiredPermission("Microsoft.Insights/metrics/read", postgres.Secondary.Value),
        ],
        SqlGroupStore sql =>
        [
            new RequiredPermission("Microsoft.Sql/servers/failoverGroups/read", sql.Primary.Value),
            new RequiredPermission("Microsoft.Sql/servers/failoverGroups/read", sql.Secondary.Value),
        ],
        ContainerStore container =>
        [
            .. new[] { container.PrimaryAccount, container.SecondaryAccount }.OfType<ResourceId>()
                .Select(account => new RequiredPermission("Microsoft.Storage/storageAccounts/read", account.Value)),
        ],
        _ => [],
    };

    // Backups read the stores of both regions and write both repositories; failed over, it is the other way about.
    private static List<StorageRole> Storages(WorkloadPlan plan, IEnumerable<RequiredPermission> needed)
    {
        var roles = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var repository in new[] { plan.Primary.Repository, plan.Secondary.Repository }.OfType<BlobContainer>().Where(_ => plan.Containers.Any()))
        {
            roles[repository.Connection] = WriteBlobs;
        }

        foreach (var store in plan.Containers)
        {
            roles.TryAdd(store.Primary.Connection, ReadBlobs);
            roles.TryAdd(store.Secondary.Connection, ReadBlobs);
        }

        foreach (var one in needed.Where(one => one.Kind == PermissionKind.StorageData))
        {
            if (one.Action.EndsWith("/read", StringComparison.OrdinalIgnoreCase))
            {
                roles.TryAdd(one.Scope, ReadBlobs);
            }
            else
            {
                roles[one.Scope] = WriteBlobs;
            }
        }

        return [.. roles.Select(pair => new StorageRole(pair.Key, pair.Value))];
    }

    private static List<string> Operations(IEnumerable<RequiredPermission> permissions, PermissionKind kind) =>
    [
        .. permissions.Where(one => one.Kind == kind).Select(one => one.Action)
            .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase),
    ];

    // A custom role can be assigned in subscriptions and resource groups, and then on what is in them; never only on one resource.
    private static string Assignable(string scope)
    {
        var parts = scope.Split('/');
        return parts.Length > 5 ? string.Join('/', parts.Take(5)) : scope;
    }

    // Names of roles are unique in a tenant: the same set of operations keeps its role, another set gets another one.
    private static string Digest(string operations) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(operations.ToLowerInvariant())))[..8];
}

/// <summary>A custom role of Azure.</summary>
/// <param name="Name">Unique in the tenant.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Actions">Operations of Resource Manager.</param>
/// <param name="DataActions">Operations on data.</param>
/// <param name="AssignableScopes">Resource groups or subscriptions.</param>
public sealed record RoleDefinition(
    string Name, string Description, IReadOnlyList<string> Actions, IReadOnlyList<string> DataActions, IReadOnlyList<string> AssignableScopes);

/// <summary>A role that is needed on a resource.</summary>
/// <param name="Role">The role's name.</param>
/// <param name="Scope">The resource's id.</param>
public sealed record RoleAssignment(string Role, string Scope);

/// <summary>A built-in role that is needed on a storage account.</summary>
/// <param name="Setting">The app setting that says which account.</param>
/// <param name="Role">The role's name.</param>
public sealed record StorageRole(string Setting, string Role);
