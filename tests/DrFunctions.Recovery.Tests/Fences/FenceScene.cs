using DrFunctions.Recovery.Fences.CloseStorage;
using DrFunctions.Recovery.Fences.FailoverGroup;
using DrFunctions.Recovery.Fences.StopPostgres;
using DrFunctions.Recovery.Fences.StopWebApp;
using DrFunctions.Recovery.Fences.WriteLease;
using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.SqlFailoverGroups;
using DrFunctions.Recovery.Steps.Fence;
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
            Runbooks = new Dictionary<string, Runbooks.Runbook>
            {
                ["failover"] = new("failover", [.. plan.Runbooks["failover"].Steps.Where(step => step.Name != "restore")]),
            },
        };
    }

    public static RecoveryScene Of(params DataStore[] stores) => new(Plan(stores))
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

    public static StepDriver Fence(RecoveryScene scene, RegionRole region = RegionRole.Primary) =>
        new(scene, new FenceStep("fence", TimeSpan.FromMinutes(10), region));
}
