using DrFunctions.Recovery.Fences.CloseStorage;
using DrFunctions.Recovery.Fences.FailoverGroup;
using DrFunctions.Recovery.Fences.StopPostgres;
using DrFunctions.Recovery.Fences.StopWebApp;
using DrFunctions.Recovery.Fences.WriteLease;
using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.SqlFailoverGroups;
using DrFunctions.Recovery.Steps.Fence;
using DrFunctions.Recovery.Steps.Prove;
using DrFunctions.Recovery.Steps.ShiftTraffic;
using DrFunctions.Recovery.Steps.StartWebApp;
using DrFunctions.Recovery.StorageAccounts;
using DrFunctions.Recovery.Tests.Steps;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Fences;

/// <summary>A workload with a store for every kind of fence, over fakes.</summary>
internal static class FenceScene
{
    public const string Blob = "shop/writers.json";
    public static readonly ResourceId Server = StepScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "orders-we");
    public static readonly ResourceId Replica = StepScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "orders-ne");
    public static readonly ResourceId Account = StepScene.Id("Microsoft.Storage/storageAccounts", "fileswe");
    public static readonly ResourceId OtherAccount = StepScene.Id("Microsoft.Storage/storageAccounts", "filesne");
    public static readonly ResourceId Group = StepScene.Id("Microsoft.Sql/servers", "sql-we/failoverGroups/ledger");
    public static readonly ResourceId OtherGroup = StepScene.Id("Microsoft.Sql/servers", "sql-ne/failoverGroups/ledger");
    public static readonly WriteLeaseFence Lease = new(new BlobContainer("THIRD", "leases"), Blob, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5));
    public static readonly StorageAccess Open = new("Enabled", true, 0);

    public static DataStore Orders { get; } = new PostgresStore("orders", Server, Replica, new StopPostgresFence());

    public static DataStore Files { get; } = new ContainerStore("files", new("SHOP_PRIMARY", "files"), new("SHOP_SECONDARY", "files"), new CloseStorageFence())
    {
        PrimaryAccount = Account,
        SecondaryAccount = OtherAccount,
    };

    public static DataStore Ledger { get; } = new SqlGroupStore("ledger", Group, OtherGroup, new FailoverGroupFence());

    public static DataStore Books { get; } = new ContainerStore("books", new("SHOP_PRIMARY", "books"), new("SHOP_SECONDARY", "books"), Lease);

    public static DataStore Pages { get; } = new ContainerStore("pages", new("SHOP_PRIMARY", "pages"), new("SHOP_SECONDARY", "pages"), new StopWebAppFence());

    /// <summary>A plan with these stores, and a runbook that fences and then moves the users.</summary>
    public static WorkloadPlan Plan(params DataStore[] stores)
    {
        var plan = Builders.APlan().Build();
        return plan with
        {
            Stores = stores,
            Runbooks = new Dictionary<string, Runbook>
            {
                ["failover"] = new("failover", [.. plan.Runbooks["failover"].Steps.Where(step => step.Name != "restore")]),
            },
        };
    }

    public static RecoveryScene Of(params DataStore[] stores) => With(Plan(stores));

    private static RecoveryScene With(WorkloadPlan plan) => new(plan)
    {
        Azure =
        {
            Servers =
            {
                [Server] = new FlexibleServer("Ready", ReplicationRole.Primary, "westeurope", null, null, null),
                [Replica] = new FlexibleServer("Ready", ReplicationRole.Replica, "northeurope", null, Server, null),
            },
            Accesses = { [Account] = Open, [OtherAccount] = Open },
            Groups =
            {
                [Group] = new SqlFailoverGroup(true, "CATCH_UP", null, ["ledger"]),
                [OtherGroup] = new SqlFailoverGroup(false, "CATCH_UP", null, ["ledger"]),
            },
        },
        Leases = { Records = { [Blob] = new WriteLeaseRecord(1, 3, "westeurope", "", 30) } },
    };

    /// <summary>The runbook fence, promote, start, shift, prove; <c>failover</c>.</summary>
    public static RecoveryScene Promoting(DataStore store, RunbookStep promotion)
    {
        var plan = Plan(store);
        var steps = plan.Runbooks["failover"].Steps;
        return With(plan with { Runbooks = new Dictionary<string, Runbook> { ["failover"] = new("failover", [steps[0], promotion, .. steps.Skip(1)]) } });
    }

    /// <summary>The same the other way, <c>failback</c>: users are in the secondary, and the old primary follows.</summary>
    public static RecoveryScene GoingHome(DataStore store, RunbookStep promotion)
    {
        var limit = TimeSpan.FromMinutes(10);
        var plan = Plan(store);
        var scene = With(plan with
        {
            Runbooks = new Dictionary<string, Runbook>(plan.Runbooks)
            {
                ["failback"] = new("failback",
                [
                    new FenceStep("fence", limit, RegionRole.Secondary), promotion, new StartWebAppStep("start", limit, RegionRole.Primary),
                    new ShiftTrafficStep("shift", limit, RegionRole.Primary), new ProveStep("prove", limit, RegionRole.Primary),
                ]),
            },
        });
        scene.Azure.Servers[Server] = scene.Azure.Servers[Server] with { Role = ReplicationRole.Replica, Source = Replica };
        scene.Azure.Servers[Replica] = scene.Azure.Servers[Replica] with { Role = ReplicationRole.Primary, Source = null };
        scene.WebApps.States[scene.Plan.Primary.WebApp] = "Stopped";
        scene.WebApps.States[scene.Plan.Secondary.WebApp] = "Running";
        Assert.True(scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, 0, "before"), default).IsCompletedSuccessfully);
        return scene;
    }

    public static StepDriver Fence(RecoveryScene scene, RegionRole region = RegionRole.Primary) =>
        new(scene, new FenceStep("fence", TimeSpan.FromMinutes(10), region));
}
