using DrFunctions.Recovery.Evaluation;
using DrFunctions.Recovery.Evaluation.Replication;
using DrFunctions.Recovery.Fences.StopWebApp;
using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.SqlFailoverGroups;
using DrFunctions.Recovery.Steps.FailoverSqlGroup;
using DrFunctions.Recovery.Steps.FailoverStorage;
using DrFunctions.Recovery.Steps.Fence;
using DrFunctions.Recovery.Steps.PromotePostgres;
using DrFunctions.Recovery.StorageAccounts;
using DrFunctions.Recovery.Tests.Steps;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;
using static DrFunctions.Testing.Recovery.Builders;

namespace DrFunctions.Recovery.Tests.Evaluation.Replication;

public sealed class ReplicationCheckTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);
    private static readonly ResourceId s_west = StepScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "shop-we");
    private static readonly ResourceId s_north = StepScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "shop-ne");
    private static readonly ResourceId s_group = StepScene.Id("Microsoft.Sql/servers", "sql-ne/failoverGroups/shop");
    private static readonly ResourceId s_account = StepScene.Id("Microsoft.Storage/storageAccounts", "shopfiles");

    private readonly RecoveryScene _scene = new(APlan()
        .WithRunbook(
            "failover",
            new FenceStep("fence", s_limit, RegionRole.Primary),
            new PromotePostgresStep("postgres", s_limit, RegionRole.Secondary, s_north, PostgresPromotion.ForcedSwitchover),
            new FailoverSqlGroupStep("sql", s_limit, RegionRole.Secondary, s_group, IsPlanned: false),
            new FailoverStorageStep("storage", s_limit, RegionRole.Secondary, s_account, IsPlanned: false))
        .Build());

    public ReplicationCheckTests()
    {
        _scene.Azure.Servers[s_west] = new FlexibleServer("Ready", ReplicationRole.Primary, "westeurope", null, null, null);
        _scene.Azure.Servers[s_north] = new FlexibleServer("Ready", ReplicationRole.Replica, "northeurope", null, s_west, null);
        _scene.Azure.Replications[s_north] = "Active";
        _scene.Azure.Groups[s_group] = new SqlFailoverGroup(false, "CATCH_UP", null, ["orders"]);
        _scene.Azure.Accounts[s_account] = Account("Live");
    }

    [Fact]
    public async Task Check_AllFollow_FindsNothing() => Assert.Empty(await CheckAsync());

    [Theory]
    [InlineData("Broken", "SUSPENDED", "Unavailable", "DR-REPL-002", FindingSeverity.Error)]
    [InlineData("Catchup", "SEEDING", "Bootstrap", "DR-REPL-003", FindingSeverity.Warning)]
    [InlineData("Provisioning", "PENDING", "Bootstrap", "DR-REPL-003", FindingSeverity.Warning)]
    [InlineData("Dancing", "", "?", "DR-REPL-004", FindingSeverity.Unknown)]
    public async Task Check_TheStatesOfTheServices_AreJudged(string postgres, string sql, string storage, string code, FindingSeverity severity)
    {
        _scene.Azure.Replications[s_north] = postgres;
        _scene.Azure.Groups[s_group] = _scene.Azure.Groups[s_group] with { ReplicationState = sql };
        _scene.Azure.Accounts[s_account] = Account(storage);

        Assert.Equal(
            [(s_north.Value, code, severity), (s_group.Value, code, severity), (s_account.Value, code, severity)],
            (await CheckAsync()).Select(one => (one.Resource, one.Code, one.Severity)));
    }

    [Fact]
    public async Task Check_NothingFollows_SaysWhatEachIsInstead()
    {
        _scene.Azure.Servers[s_north] = _scene.Azure.Servers[s_north] with { Role = ReplicationRole.None };
        _scene.Azure.Groups[s_group] = _scene.Azure.Groups[s_group] with { IsPrimary = true };
        _scene.Azure.Accounts[s_account] = Account("Live") with { SecondaryLocation = null, Redundancy = "Standard_LRS", Copy = null };

        Assert.Equal(
            ["the replica is no replica: its role is None", "the failover group is primary on 'sql-ne' already", "the account's copy is missing: the account is Standard_LRS"],
            (await CheckAsync()).Select(one => one.Found));
    }

    [Fact]
    public async Task Check_TheyDoNotExist_AreErrors()
    {
        _scene.Azure.Servers.Clear();
        _scene.Azure.Groups.Clear();
        _scene.Azure.Accounts.Clear();

        Assert.All(await CheckAsync(), one => Assert.Equal(("DR-REPL-001", FindingSeverity.Error), (one.Code, one.Severity)));
        Assert.Equal(3, (await CheckAsync()).Count);
    }

    [Fact]
    public async Task Check_TheRegionThatTookOver_IsNoReplicaAnyMore()
    {
        _scene.Azure.Servers[s_north] = _scene.Azure.Servers[s_north] with { Role = ReplicationRole.Primary };

        Assert.Empty(await CheckAsync(new WorkloadState(RegionRole.Secondary, 1, "shop-run-1")));
    }

    [Fact]
    public async Task Check_ADatabaseAmongTheStoresThatNoRunbookPromotes_IsLookedAtToo()
    {
        var other = StepScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "orders-ne");
        var plan = _scene.Plan with { Stores = [.. _scene.Plan.Stores, new PostgresStore("orders", s_west, other, new StopWebAppFence())] };

        var finding = Assert.Single(await new ReplicationCheck(_scene.Azure, _scene.Azure, _scene.Azure)
            .CheckAsync(new EvaluatedPlan(plan, "v1", WorkloadState.AtHome, MovableClock.Start), default));

        Assert.Equal(("DR-REPL-001", other.Value), (finding.Code, finding.Resource));
    }

    [Fact]
    public async Task Check_OneDoesNotAnswer_IsUnknownAndTheOthersAreJudged()
    {
        _scene.Azure.Groups.Clear();
        _scene.Interception.Around = (call, moment) => call == "ReadServer" && moment == Moment.Before
            ? throw new RecoveryException("ResourceManagerUnavailable", "no answer.", isTransient: true, "Wait.")
            : Task.CompletedTask;

        Assert.Equal(["DR-SEE-001", "DR-REPL-001"], (await CheckAsync()).Select(one => one.Code));
    }

    private static GeoAccount Account(string status) =>
        new("Standard_GRS", "westeurope", "North Europe", false, null, new GeoCopy(status, MovableClock.Start, true, true));

    private Task<IReadOnlyList<Finding>> CheckAsync(WorkloadState? state = null) => new ReplicationCheck(_scene.Azure, _scene.Azure, _scene.Azure)
        .CheckAsync(new EvaluatedPlan(_scene.Plan, "v1", state ?? WorkloadState.AtHome, MovableClock.Start), default);
}
