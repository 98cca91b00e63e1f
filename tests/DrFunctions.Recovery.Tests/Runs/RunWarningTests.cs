using DrFunctions.Recovery.Estimates;
using DrFunctions.Recovery.Evidence;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Runs;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Runs;

public sealed class RunWarningTests
{
    private static readonly ProjectionView Late = new(MovableClock.Start.AddHours(2), 7200, 5, 3, true);

    [Fact]
    public async Task Warn_TwiceAndByTwoProcesses_IsRecordedOnce_AndTheRunGoesOn()
    {
        var scene = new RecoveryScene();
        var request = scene.Request();
        await scene.Starts.StartAsync(request, default);
        await scene.Execution.BeginAsync(request.Workload, request.RunId, default);

        var told = await Task.WhenAll(
            scene.Execution.WarnAsync(request.RunId, Late, default), scene.AnotherProcess().WarnAsync(request.RunId, Late, default));
        var again = await scene.Execution.WarnAsync(request.RunId, Late, default);

        Assert.Equal((1, false), (told.Count(isNew => isNew), again));
        var entry = Assert.Single(await scene.Journal.ReadAsync(request.RunId, default), entry => entry.Kind == JournalKind.ProjectionPassedRto);
        Assert.Equal("expected to finish 2026-03-01 05:00:00Z, after the RTO; 3 of 5 steps by past runs", entry.Fact("summary"));
        var driver = new RunDriver(scene);
        await driver.TickAsync();
        Assert.Equal(RunState.Completed, (await driver.ViewAsync(request.RunId)).State);
        Assert.True(EvidenceChain.Verify(await scene.Journal.ReadAsync(request.RunId, default)).IsIntact);
    }

    [Fact]
    public async Task Warn_ARunThatEnded_RecordsNothing()
    {
        var scene = new RecoveryScene();
        var run = await new RunDriver(scene).StartAsync(scene.Request());
        var entries = (await scene.Journal.ReadAsync(run.RunId, default)).Count;

        Assert.False(await scene.Execution.WarnAsync(run.RunId, Late, default));

        Assert.Equal(entries, (await scene.Journal.ReadAsync(run.RunId, default)).Count);
    }
}
