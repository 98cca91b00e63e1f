using DrFunctions.Recovery.Fences.StopWebApp;
using DrFunctions.Recovery.Permissions;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Tests.Steps;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Permissions;

public sealed class PlanRolesTests
{
    private const string Group = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop";

    [Fact]
    public void Roles_OfAFailover_GiveWhatItsStepsDoAndNothingElse()
    {
        var roles = PlanRoles.Of(Builders.APlan().Build());

        string[] sites = ["Microsoft.Authorization/permissions/read", "Microsoft.Web/sites/read", "Microsoft.Web/sites/start/action", "Microsoft.Web/sites/stop/action"];
        Assert.Equal(3, roles.Definitions.Count);
        var operate = Assert.Single(roles.Definitions, role => role.Actions.SequenceEqual(sites));
        var look = Assert.Single(roles.Definitions, role => role.Actions.SequenceEqual(["Microsoft.Authorization/permissions/read", "Microsoft.Web/serverfarms/read"]));
        Assert.Equal(Group, Assert.Single(roles.Assignments, one => one.Role == look.Name).Scope);
        var route = Assert.Single(roles.Definitions, role => role != operate && role != look);
        Assert.All(route.Actions.Skip(1), action => Assert.StartsWith("Microsoft.Network/trafficManagerProfiles/", action, StringComparison.Ordinal));
        Assert.All(roles.Definitions, role => Assert.Equal([Group], role.AssignableScopes));
        Assert.Equal(
            [(operate.Name, $"{Group}/providers/Microsoft.Web/sites/shop-northeurope"), (operate.Name, $"{Group}/providers/Microsoft.Web/sites/shop-westeurope")],
            roles.Assignments.Where(one => one.Role == operate.Name).Select(one => (one.Role, one.Scope)).Order());
        Assert.Contains(new StorageRole("SHOP_SECONDARY", "Storage Blob Data Contributor"), roles.Storage);
        Assert.Contains(new StorageRole("SHOP_PRIMARY", "Storage Blob Data Reader"), roles.Storage);
    }

    [Fact]
    public void Roles_OfStoresOfEveryKind_LetTheirLagBeRead()
    {
        ResourceId Id(string rest) => ResourceId.Parse($"{Group}/providers/{rest}");
        var plan = Builders.APlan().Build();
        plan = plan with
        {
            Stores =
            [
                plan.ContainerNamed("files")! with { PrimaryAccount = Id("Microsoft.Storage/storageAccounts/files") }, // the builder has it
                new PostgresStore("orders", Id("Microsoft.DBforPostgreSQL/flexibleServers/west"), Id("Microsoft.DBforPostgreSQL/flexibleServers/north"), new StopWebAppFence()),
                new SqlGroupStore("ledger", Id("Microsoft.Sql/servers/west/failoverGroups/g"), Id("Microsoft.Sql/servers/north/failoverGroups/g"), new StopWebAppFence()),
            ],
        };

        var roles = PlanRoles.Of(plan);

        Assert.Equal(["Microsoft.Authorization/permissions/read", "Microsoft.Storage/storageAccounts/read"], ActionsOn("Microsoft.Storage/storageAccounts/files"));
        Assert.Equal(
            [
                "Microsoft.Authorization/permissions/read", "Microsoft.DBforPostgreSQL/flexibleServers/read",
                "Microsoft.DBforPostgreSQL/flexibleServers/replicas/read", "Microsoft.Insights/metrics/read",
            ],
            ActionsOn("Microsoft.DBforPostgreSQL/flexibleServers/north"));
        Assert.Equal(["Microsoft.Authorization/permissions/read", "Microsoft.Sql/servers/failoverGroups/read"], ActionsOn("Microsoft.Sql/servers/north/failoverGroups/g"));

        IReadOnlyList<string> ActionsOn(string rest)
        {
            var name = Assert.Single(roles.Assignments, one => one.Scope == Id(rest).Value).Role;
            return Assert.Single(roles.Definitions, role => role.Name == name).Actions;
        }
    }

    [Fact]
    public void Roles_OfEveryKindOfStep_CoverEveryPermissionOnItsScope()
    {
        var plan = SampleSteps.Plan with
        {
            Runbooks = new Dictionary<string, DrFunctions.Recovery.Runbooks.Runbook> { ["all"] = new("all", SampleSteps.All) },
        };
        var roles = PlanRoles.Of(plan);

        foreach (var permission in SampleSteps.All.SelectMany(step => StepKindCatalog.Of(step).Permissions(step, plan)))
        {
            if (permission.Kind == PermissionKind.StorageData)
            {
                Assert.Contains(roles.Storage, role => role.Setting == permission.Scope);
                continue;
            }

            var names = roles.Assignments.Where(one => one.Scope.Equals(permission.Scope, StringComparison.OrdinalIgnoreCase)).Select(one => one.Role).ToList();
            Assert.Contains(roles.Definitions, role =>
                names.Contains(role.Name) && (permission.Kind == PermissionKind.Data ? role.DataActions : role.Actions).Contains(permission.Action));
        }
    }

    [Fact]
    public void Roles_OfDatabasesAmongTheStores_LetTheAppSeeTheirReplication()
    {
        var (west, north) = (StepScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "we"), StepScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "ne"));
        var (first, second) = (StepScene.Id("Microsoft.Sql/servers", "we/failoverGroups/shop"), StepScene.Id("Microsoft.Sql/servers", "ne/failoverGroups/shop"));
        var plan = Builders.APlan().Build();
        var roles = PlanRoles.Of(plan with
        {
            Stores = [.. plan.Stores, new PostgresStore("orders", west, north, new StopWebAppFence()), new SqlGroupStore("ledger", first, second, new StopWebAppFence())],
        });

        Assert.All(new[] { west, north }, server => Assert.Contains("Microsoft.DBforPostgreSQL/flexibleServers/replicas/read", ActionsOn(roles, server)));
        Assert.All(new[] { first, second }, group => Assert.Contains("Microsoft.Sql/servers/failoverGroups/read", ActionsOn(roles, group)));
        Assert.All(roles.Assignments, one => Assert.Contains("Microsoft.Authorization/permissions/read", roles.Definitions.Single(role => role.Name == one.Role).Actions));
    }

    [Fact]
    public void Roles_OfTheSamePlan_AreTheSame() => Assert.Equivalent(PlanRoles.Of(SampleSteps.Plan), PlanRoles.Of(SampleSteps.Plan), strict: true);

    private static IReadOnlyList<string> ActionsOn(PlanRoles roles, ResourceId scope) =>
        [.. roles.Assignments.Where(one => one.Scope == scope.Value).SelectMany(one => roles.Definitions.Single(role => role.Name == one.Role).Actions)];
}
