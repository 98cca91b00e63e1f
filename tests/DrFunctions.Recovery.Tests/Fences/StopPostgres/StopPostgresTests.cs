using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Tests.Fences.StopPostgres;

public sealed class StopPostgresTests
{
    [Fact]
    public async Task Fence_OfARunningServer_StopsItAndTakesItsStateForTheEnd()
    {
        var scene = FenceScene.Of(FenceScene.Orders);

        var end = await FenceScene.Fence(scene).RunAsync();

        Assert.Equal((StepOutcome.Done, "Resource Manager confirms that orders-we is stopped"), (end.Outcome, end.Summary));
        Assert.Equal(["stop orders-we"], scene.Effects);
    }

    [Theory]
    [InlineData("Stopped", ReplicationRole.Primary, "Resource Manager confirms that orders-we is stopped")]
    [InlineData("Ready", ReplicationRole.Replica, "orders-we is a replica and takes no writes")]
    public async Task Fence_OfAServerThatTakesNoWrites_IsThereAlreadyAndItsUndoToo(string state, ReplicationRole role, string expected)
    {
        var scene = FenceScene.Of(FenceScene.Orders);
        scene.Azure.Servers[FenceScene.Server] = scene.Azure.Servers[FenceScene.Server] with { State = state, Role = role };
        var fence = FenceScene.Fence(scene);

        Assert.Equal((StepOutcome.Done, expected), (await fence.RunAsync()) is var end ? (end.Outcome, end.Summary) : default);
        Assert.Equal("orders-we took no writes before, and stays so", (await fence.UndoAsync()).Summary);
        Assert.Empty(scene.Effects);
    }

    [Fact]
    public async Task Fence_OfAServerThatIsNotThere_Fails()
    {
        var scene = FenceScene.Of(FenceScene.Orders);
        scene.Azure.Servers.Remove(FenceScene.Server);

        Assert.Equal("FenceTargetMissing", (await FenceScene.Fence(scene).PrecheckAsync()).Code);
        Assert.Equal((StepOutcome.Failed, "FenceTargetMissing"), (await FenceScene.Fence(scene).RunAsync()) is var end ? (end.Outcome, end.Code) : default);
    }

    [Fact]
    public async Task Fence_OfAServerThatIsBeingChanged_WaitsAndDoesNotCount()
    {
        var scene = FenceScene.Of(FenceScene.Orders);
        scene.Azure.Servers[FenceScene.Server] = scene.Azure.Servers[FenceScene.Server] with { State = "Updating" };

        var end = await FenceScene.Fence(scene).RunAsync();

        Assert.Equal((StepOutcome.Again, "ResourceChanging"), (end.Outcome, end.Code));
        Assert.Empty(scene.Effects);
    }

    [Fact]
    public async Task Undo_StartsWhatItStopped_OnlyWhileUsersAreThere()
    {
        var scene = FenceScene.Of(FenceScene.Orders);
        var fence = FenceScene.Fence(scene);
        await fence.RunAsync();
        await scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, 1, "shop-run-1"), default);
        Assert.Equal("RegionNotActive", (await fence.UndoAsync()).Code);
        await scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Primary, 2, "shop-run-2"), default);

        Assert.Equal("orders-we was started again", (await fence.UndoAsync()).Summary);

        Assert.Equal(["stop orders-we", "start orders-we"], scene.Effects);
        Assert.Equal("Ready", scene.Azure.Servers[FenceScene.Server].State);
    }
}
