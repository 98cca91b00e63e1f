using DrFunctions.Cloud.ResourceManager.FlexibleServers;
using DrFunctions.Cloud.ResourceManager.Metrics;
using DrFunctions.Cloud.ResourceManager.SqlFailoverGroups;
using DrFunctions.Cloud.ResourceManager.StorageAccounts;
using DrFunctions.Cloud.Tests.ResourceManager.Operations;
using DrFunctions.Recovery;
using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Fences.StopWebApp;
using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Cloud.Tests.ResourceManager.Metrics;

/// <summary>Azure Monitor over the wire, and the sources of lag that read it, before and after the region is lost.</summary>
public sealed class MetricsAdapterTests : IAsyncLifetime
{
    private static readonly ResourceId s_primary = OperationScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "shop-we");
    private static readonly ResourceId s_replica = OperationScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "shop-ne");
    private OperationScene _scene = null!; // set by InitializeAsync

    public async Task InitializeAsync() => _scene = await OperationScene.StartAsync();

    public async Task DisposeAsync() => await _scene.DisposeAsync();

    private MetricsAdapter Adapter => new(_scene.Client, _scene.Time);

    [Fact]
    public async Task ReadNewest_OfAReplica_IsTheLastWholeMinute()
    {
        var point = (await Adapter.ReadNewestAsync(s_replica, PostgresReplicationLag.Metric, TimeSpan.FromMinutes(10), default))!;

        Assert.Equal(3, point.Value); // the scenario's lag
        var age = _scene.Time.GetUtcNow() - point.At;
        Assert.InRange(age, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task ReadNewest_OfAServerThatFollowsNobody_IsNothing() =>
        Assert.Null(await Adapter.ReadNewestAsync(s_primary, PostgresReplicationLag.Metric, TimeSpan.FromMinutes(10), default));

    [Fact]
    public async Task ReadNewest_AMetricThatIsNotThere_IsRefused()
    {
        var error = await Assert.ThrowsAsync<RecoveryException>(() => Adapter.ReadNewestAsync(s_replica, "happiness", TimeSpan.FromMinutes(10), default));

        Assert.False(error.IsTransient);
        Assert.Contains("Failed to find metric configuration", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lag_ThePrimaryIsLost_IsSafeUntilJustBefore()
    {
        var core = new RecoveryScene();
        var source = new PostgresReplicationLag(new FlexibleServersAdapter(_scene.Client), Adapter);
        var store = new PostgresStore("orders", s_primary, s_replica, new StopWebAppFence());
        var lostAt = _scene.Time.GetUtcNow();
        await _scene.Cloud.SetRegionDarkAsync(OperationScene.West, true);
        _scene.Time.Advance(TimeSpan.FromMinutes(20));

        var found = await source.ReadAsync(core.Plan, store, RegionRole.Secondary, default);

        // The replica replays nothing any more: what it has is as old as the loss, however much later one asks.
        Assert.Null(found.Trouble);
        Assert.InRange(found.SafeUntil!.Value, lostAt - TimeSpan.FromMinutes(1) - TimeSpan.FromSeconds(3), lostAt - TimeSpan.FromSeconds(3));
    }

    /// <summary>After a switchover the old primary is the replica: what it has is measured, and nothing in the other direction.</summary>
    [Fact]
    public async Task Lag_AfterASwitchover_IsTheOldPrimarys()
    {
        var core = new RecoveryScene();
        var servers = new FlexibleServersAdapter(_scene.Client);
        var source = new PostgresReplicationLag(servers, Adapter);
        var store = new PostgresStore("orders", s_primary, s_replica, new StopWebAppFence());
        await servers.PromoteAsync(s_replica, PostgresPromotion.Switchover, default);
        _scene.Time.Advance(TimeSpan.FromMinutes(10));

        var back = await source.ReadAsync(core.Plan, store, RegionRole.Primary, default);
        var there = await source.ReadAsync(core.Plan, store, RegionRole.Secondary, default);

        Assert.Null(back.Trouble);
        Assert.InRange(_scene.Time.GetUtcNow() - back.SafeUntil!.Value, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(3));
        Assert.Equal((null, "the server 'shop-ne' is no replica (Primary)"), (there.SafeUntil, there.Trouble));
    }

    [Fact]
    public async Task Lag_OfAGeoRedundantAccount_IsItsLastSyncTime()
    {
        var core = new RecoveryScene();
        var store = core.Plan.ContainerNamed("files")! with { PrimaryAccount = OperationScene.Id("Microsoft.Storage/storageAccounts", "shopfiles") }; // the builder has it

        var found = await new StorageSyncLag(new StorageAccountsAdapter(_scene.Client)).ReadAsync(core.Plan, store, RegionRole.Secondary, default);

        Assert.Null(found.Trouble);
        Assert.True(found.SafeUntil < _scene.Time.GetUtcNow());
    }

    [Fact]
    public async Task Lag_OfAFailoverGroup_IsUnknownWithItsState()
    {
        var core = new RecoveryScene();
        var store = new SqlGroupStore(
            "ledger", OperationScene.Id("Microsoft.Sql/servers/sql-we/failoverGroups", "shop"), OperationScene.Id("Microsoft.Sql/servers/sql-ne/failoverGroups", "shop"), new StopWebAppFence());

        var found = await new SqlReplicationLag(new SqlFailoverGroupsAdapter(_scene.Client)).ReadAsync(core.Plan, store, RegionRole.Secondary, default);

        Assert.Equal((null, "the replication to 'sql-ne' is CATCH_UP, and the service does not say how far behind it is"), (found.SafeUntil, found.Trouble));
    }
}
