using DrFunctions.Recovery.SqlFailoverGroups;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Tests.Fences.FailoverGroup;

public sealed class FailoverGroupTests
{
    [Theory]
    [InlineData(true, false, "CATCH_UP", StepOutcome.Done, "sql-ne has caught up with sql-we, which its planned failover makes read-only")]
    [InlineData(true, false, "SUSPENDED", StepOutcome.Again, "sql-ne does not follow sql-we: it is 'SUSPENDED', expected CATCH_UP")]
    [InlineData(false, true, "CATCH_UP", StepOutcome.Done, "sql-we is the secondary of ledger and read-only")]
    [InlineData(true, true, "SUSPENDED", StepOutcome.Again, "sql-we does not say that it is the secondary of ledger")]
    public async Task Fence_OfAGroup_IsTheServicesOwnPromise(bool isPrimary, bool otherIsPrimary, string state, StepOutcome outcome, string summary)
    {
        var scene = FenceScene.Of(FenceScene.Ledger);
        scene.Azure.Groups[FenceScene.Group] = new SqlFailoverGroup(isPrimary, state, null, ["ledger"]);
        scene.Azure.Groups[FenceScene.OtherGroup] = new SqlFailoverGroup(otherIsPrimary, state, null, ["ledger"]);
        var fence = FenceScene.Fence(scene);

        Assert.Equal(outcome == StepOutcome.Done, (await fence.PrecheckAsync()).IsOk);
        var end = await fence.RunAsync();

        Assert.Equal((outcome, summary), (end.Outcome, end.Summary));
        Assert.Equal("nothing was changed at sql-we", (await fence.UndoAsync()).Summary);
        Assert.Empty(scene.Effects);
    }

    [Fact]
    public async Task Fence_OfAGroupThatIsNotThere_Fails()
    {
        var scene = FenceScene.Of(FenceScene.Ledger);
        scene.Azure.Groups.Remove(FenceScene.OtherGroup);

        Assert.Equal("FenceTargetMissing", (await FenceScene.Fence(scene).PrecheckAsync()).Code);
        Assert.Equal("FenceTargetMissing", (await FenceScene.Fence(scene).RunAsync()).Code);
    }
}
