using DrFunctions.Recovery.Documents;

namespace DrFunctions.Recovery.Tests.Documents;

public sealed class SharedLookTests
{
    [Fact]
    public async Task Take_ByWorkThatCanWait_IsNoSuchWorkBecauseOthersWaitForItToo()
    {
        var look = new SharedLook<bool>(() => Task.FromResult(BackgroundWork.IsRunning));

        Assert.False(await BackgroundWork.RunAsync(() => look.TakeAsync(default)));
    }
}
