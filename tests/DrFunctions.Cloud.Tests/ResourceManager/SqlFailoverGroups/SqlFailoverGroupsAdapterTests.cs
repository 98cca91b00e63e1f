using DrFunctions.Cloud.ResourceManager.SqlFailoverGroups;
using DrFunctions.Cloud.Tests.ResourceManager.Operations;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.Tests.ResourceManager.SqlFailoverGroups;

public sealed class SqlFailoverGroupsAdapterTests : OperationConformance
{
    private static readonly ResourceId s_west = OperationScene.Id("Microsoft.Sql/servers", "sql-we/failoverGroups/shop");
    private static readonly ResourceId s_north = OperationScene.Id("Microsoft.Sql/servers", "sql-ne/failoverGroups/shop");

    private protected override (string Method, string Path) Begin => ("POST", "/servers/sql-ne/failoverGroups/shop/");

    private protected override OperationWork Work => FailingOver(allowDataLoss: true);

    private SqlFailoverGroupsAdapter Groups => new(Scene.Client);

    [Fact]
    public async Task Read_BothSides_ShowTheirRoles()
    {
        var (west, north) = ((await Groups.ReadAsync(s_west, default))!, (await Groups.ReadAsync(s_north, default))!);

        Assert.Equal((true, true, OperationScene.Id("Microsoft.Sql/servers", "sql-ne")), (west.IsPrimary, west.IsCaughtUp, west.Partner));
        Assert.Equal((false, true, OperationScene.Id("Microsoft.Sql/servers", "sql-we")), (north.IsPrimary, north.IsCaughtUp, north.Partner));
        Assert.Equal(["orders"], north.Databases);
    }

    [Theory]
    [InlineData(false, "CATCH_UP")]
    [InlineData(true, "SUSPENDED")]
    public async Task FailOver_EitherWay_SwapsTheRoles(bool allowDataLoss, string state)
    {
        Assert.Equal(StepOutcome.Done, (await Scene.DriveAsync(FailingOver(allowDataLoss))).Outcome);

        Assert.False((await Groups.ReadAsync(s_west, default))!.IsPrimary);
        Assert.Equal(state, (await Groups.ReadAsync(s_north, default))!.ReplicationState);
    }

    [Theory]
    [InlineData(false, StepOutcome.Failed)]
    [InlineData(true, StepOutcome.Done)]
    public async Task FailOver_ThePrimaryIsLost_OnlyForceHelps(bool allowDataLoss, StepOutcome expected)
    {
        await Scene.Cloud.SetRegionDarkAsync(OperationScene.West, true);

        Assert.Equal(expected, (await Scene.DriveAsync(FailingOver(allowDataLoss))).Outcome);
    }

    [Fact]
    public async Task FailOver_OnThePrimary_IsRefused()
    {
        var failure = await Assert.ThrowsAsync<RecoveryException>(() => Groups.FailOverAsync(s_west, allowDataLoss: false, default));

        Assert.Contains("FailoverGroupFailoverRequestOnPrimary", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.IsTransient);
    }

    [Fact]
    public async Task Read_Absent_IsNull() => Assert.Null(await Groups.ReadAsync(OperationScene.Id("Microsoft.Sql/servers", "sql-ne/failoverGroups/absent"), default));

    private OperationWork FailingOver(bool allowDataLoss) => new()
    {
        What = "the failover of 'shop'",
        ReadAsync = async stop => await Groups.ReadAsync(s_north, stop) is { IsPrimary: true }
            ? OperationTarget.Reached("sql-ne is the primary")
            : OperationTarget.Open("sql-ne is the secondary"),
        BeginAsync = stop => Groups.FailOverAsync(s_north, allowDataLoss, stop),
    };
}
