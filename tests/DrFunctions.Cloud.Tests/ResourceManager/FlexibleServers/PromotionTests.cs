using DrFunctions.Cloud.ResourceManager.FlexibleServers;
using DrFunctions.Cloud.Tests.ResourceManager.Operations;
using DrFunctions.Recovery;
using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.Tests.ResourceManager.FlexibleServers;

public sealed class PromotionTests : OperationConformance
{
    private static readonly ResourceId s_primary = OperationScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "shop-we");
    private static readonly ResourceId s_replica = OperationScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "shop-ne");

    private protected override (string Method, string Path) Begin => ("PATCH", "/flexibleServers/shop-ne$");

    private protected override OperationWork Work => Promoting(PostgresPromotion.Forced);

    private FlexibleServersAdapter Servers => new(Scene.Client);

    [Theory]
    [InlineData(PostgresPromotion.Planned, ReplicationRole.None, ReplicationRole.Primary)]
    [InlineData(PostgresPromotion.Forced, ReplicationRole.None, ReplicationRole.Primary)]
    [InlineData(PostgresPromotion.Switchover, ReplicationRole.Primary, ReplicationRole.Replica)]
    [InlineData(PostgresPromotion.ForcedSwitchover, ReplicationRole.Primary, ReplicationRole.Replica)]
    public async Task Promote_EachWay_LeavesBothRoles(PostgresPromotion way, ReplicationRole promoted, ReplicationRole old)
    {
        var end = await Scene.DriveAsync(Promoting(way));

        Assert.True(end.Outcome == StepOutcome.Done, end.Summary);
        Assert.Equal(promoted, (await Servers.ReadAsync(s_replica, default))!.Role);
        Assert.Equal(old, (await Servers.ReadAsync(s_primary, default))!.Role);
    }

    [Theory]
    [InlineData(PostgresPromotion.Planned, StepOutcome.Failed)]
    [InlineData(PostgresPromotion.Switchover, StepOutcome.Failed)]
    [InlineData(PostgresPromotion.Forced, StepOutcome.Done)]
    [InlineData(PostgresPromotion.ForcedSwitchover, StepOutcome.Done)]
    public async Task Promote_ThePrimaryIsLost_OnlyForceHelps(PostgresPromotion way, StepOutcome expected)
    {
        await Scene.Cloud.SetRegionDarkAsync(OperationScene.West, true);

        var end = await Scene.DriveAsync(Promoting(way));

        Assert.True(end.Outcome == expected, end.Summary);
        Assert.Equal(expected == StepOutcome.Failed, end.Summary.Contains("PrimaryServerUnreachable", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_Pair_HasRolesReplicationAndReader()
    {
        var (primary, replica) = ((await Servers.ReadAsync(s_primary, default))!, (await Servers.ReadAsync(s_replica, default))!);

        Assert.Equal((true, ReplicationRole.Primary, OperationScene.West, "shop-we.postgres.database.azure.com"), (primary.IsReady, primary.Role, primary.Location, primary.Host));
        Assert.Equal((true, ReplicationRole.Replica, s_primary), (replica.IsReady, replica.Role, replica.Source));
        Assert.True(primary.EarliestRestore < Scene.Time.GetUtcNow());
        Assert.Equal("Active", await Servers.ReadReplicationAsync(s_primary, s_replica, default));
        Assert.Null(await Servers.ReadReplicationAsync(s_primary, s_primary, default));
        Assert.Equal(["shop-ne"], await Servers.ReadReadersAsync(s_primary, default));
    }

    [Fact]
    public async Task Promote_ServerThatIsNoReplica_IsRefused()
    {
        var failure = await Assert.ThrowsAsync<RecoveryException>(() => Servers.PromoteAsync(s_primary, PostgresPromotion.Forced, default));

        Assert.Equal(("ResourceManagerRefused", false), (failure.Code, failure.IsTransient));
    }

    private OperationWork Promoting(PostgresPromotion way) => new()
    {
        What = "the promotion of 'shop-ne'",
        ReadAsync = async stop => await Servers.ReadAsync(s_replica, stop) switch
        {
            { IsReady: false } busy => OperationTarget.Changing($"it is {busy.State}"),
            { Role: ReplicationRole.Replica } => OperationTarget.Open("it is a replica"),
            var server => OperationTarget.Reached($"it is {server!.Role}"),
        },
        BeginAsync = stop => Servers.PromoteAsync(s_replica, way, stop),
    };
}
