using DrFunctions.Recovery.Drills;
using DrFunctions.Recovery.Runs;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.App.Drills;

public sealed class PreemptedDrillTests
{
    [Theory]
    [InlineData(false, "another run took the workload before it began")]
    [InlineData(true, "the run is preempted")]
    public async Task Follow_ADrillThatWasPreempted_EndsIt(bool hasBegun, string note)
    {
        var core = new RecoveryScene();
        var log = new DrillLog(core.Documents);
        var drills = new DrillStarts(log, core.Locks, core.States, core.Journal, core.Plans, core.Clock);
        await core.Starts.StartAsync(core.Request("shop-drill", mode: RunMode.Drill), default);
        await drills.FollowAsync("shop", default);
        Assert.Equal(DrillState.Running, Assert.Single(await log.ReadAsync("shop", default)).State);
        if (hasBegun)
        {
            await core.Execution.OpenAsync("shop", "shop-drill", default);
        }

        await core.Starts.StartAsync(core.Request("shop-loss"), default);
        await core.Execution.BeginAsync("shop", "shop-loss", default);
        await core.Execution.BeginAsync("shop", "shop-drill", default); // its own orchestration seals what it left
        await drills.FollowAsync("shop", default);

        var drill = Assert.Single(await log.ReadAsync("shop", default));
        Assert.Equal((DrillState.Failed, "shop-drill", note), (drill.State, drill.RunId, drill.Note));
    }
}
