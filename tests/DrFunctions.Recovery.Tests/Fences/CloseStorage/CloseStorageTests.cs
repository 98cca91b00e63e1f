using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.StorageAccounts;

namespace DrFunctions.Recovery.Tests.Fences.CloseStorage;

public sealed class CloseStorageTests
{
    [Fact]
    public async Task Fence_OfAnOpenAccount_ClosesItAndWaitsUntilEveryFrontEndKnows()
    {
        var scene = FenceScene.Of(FenceScene.Files);
        var began = scene.Clock.GetUtcNow();

        var end = await FenceScene.Fence(scene).RunAsync();

        Assert.Equal(
            (StepOutcome.Done, "Resource Manager confirms that fileswe has publicNetworkAccess Disabled and allowSharedKeyAccess false, for 60 s"), (end.Outcome, end.Summary));
        Assert.True(scene.Clock.GetUtcNow() - began >= TimeSpan.FromSeconds(60));
        Assert.Equal(["close fileswe"], scene.Effects);
        Assert.Equal(StorageAccess.Closed, scene.Azure.Accesses[FenceScene.Account]);
        Assert.Equal(FenceScene.Open, scene.Azure.Accesses[FenceScene.OtherAccount]);
    }

    [Fact]
    public async Task Fence_OfAnAccountThatSomebodyOpensAgain_ClosesItAgainAndWaitsAnew()
    {
        var scene = FenceScene.Of(FenceScene.Files);
        var fence = FenceScene.Fence(scene);
        await fence.AttemptAsync();
        scene.Clock.Advance(TimeSpan.FromSeconds(59));
        scene.Azure.Accesses[FenceScene.Account] = FenceScene.Open;

        var attempt = await fence.AttemptAsync();
        scene.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("FenceSettling", attempt.Code);
        Assert.Equal("FenceSettling", (await fence.AttemptAsync()).Code);
        Assert.Equal(["close fileswe", "close fileswe"], scene.Effects);
    }

    [Fact]
    public async Task Fence_ReadBackStillOpen_IsNeverDone()
    {
        var scene = FenceScene.Of(FenceScene.Files);
        scene.Azure.IgnoresAccess = true;

        var end = await FenceScene.Fence(scene).RunAsync();

        Assert.Equal((StepOutcome.Again, "FencePending"), (end.Outcome, end.Code));
        Assert.Equal("fileswe has publicNetworkAccess Enabled and allowSharedKeyAccess true; expected both closed", end.Summary);
    }

    [Fact]
    public async Task Fence_OfAnAccountWithAPrivateEndpoint_FailsAndChangesNothing()
    {
        var scene = FenceScene.Of(FenceScene.Files);
        scene.Azure.Accesses[FenceScene.Account] = FenceScene.Open with { PrivateEndpoints = 1 };

        Assert.Equal("PrivateEndpoints", (await FenceScene.Fence(scene).PrecheckAsync()).Code);
        Assert.Equal((StepOutcome.Failed, "PrivateEndpoints"), (await FenceScene.Fence(scene).RunAsync()) is var end ? (end.Outcome, end.Code) : default);
        Assert.Empty(scene.Effects);
    }

    [Fact]
    public async Task Fence_OfAnAccountThatIsNotThere_Fails()
    {
        var scene = FenceScene.Of(FenceScene.Files);
        scene.Azure.Accesses.Clear();

        Assert.Equal("FenceTargetMissing", (await FenceScene.Fence(scene).PrecheckAsync()).Code);
        Assert.Equal("FenceTargetMissing", (await FenceScene.Fence(scene).RunAsync()).Code);
    }

    [Theory]
    [InlineData("Enabled", true)]
    [InlineData("SecuredByPerimeter", false)]
    public async Task Undo_GivesBackWhatWasBefore(string network, bool keys)
    {
        var scene = FenceScene.Of(FenceScene.Files);
        var before = new StorageAccess(network, keys, 0);
        scene.Azure.Accesses[FenceScene.Account] = before;
        var fence = FenceScene.Fence(scene);
        await fence.RunAsync();

        Assert.Equal(StepOutcome.Done, (await fence.UndoAsync()).Outcome);
        Assert.Equal(StepOutcome.Done, (await fence.UndoAsync()).Outcome);

        Assert.Equal(before, scene.Azure.Accesses[FenceScene.Account]);
        Assert.Equal(["close fileswe", "open fileswe"], scene.Effects);
    }

    [Fact]
    public async Task Undo_OfAnAccountThatWasClosedBefore_LeavesItClosed()
    {
        var scene = FenceScene.Of(FenceScene.Files);
        scene.Azure.Accesses[FenceScene.Account] = StorageAccess.Closed;
        var fence = FenceScene.Fence(scene);
        await fence.RunAsync();

        Assert.Equal("fileswe was closed before, and stays so", (await fence.UndoAsync()).Summary);
        Assert.Empty(scene.Effects);
    }
}
