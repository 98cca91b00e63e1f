using DrFunctions.Cli.Demo;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.EndToEnd.Tests;

/// <summary>Storage that stops answering in the middle of a run delays it and breaks nothing.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task Run_ControlStorageHangsMidRun_CompletesWhenItIsBack()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await using var stage = await Stage.StartAsync(patience.Token);
        await stage.PlayAsync(
            patience.Token, UploadStep.PlayAsync, PlanStep.PlayAsync, BackupStep.PlayAsync, Stage.DarkenAsync, AlertStep.PlayAsync);

        stage.Environment.Control.Suspend();
        await Task.Delay(TimeSpan.FromSeconds(12), patience.Token);
        stage.Environment.Control.Resume();

        await stage.PlayAsync(patience.Token, FailoverStep.PlayAsync, ComparisonStep.PlayAsync, EvidenceStep.PlayAsync);
        Assert.Equal(RunState.Completed, stage.Scene.Run?.State);
        Assert.True(stage.Environment.App.IsRunning, stage.Said);
    }

    [Fact]
    public async Task Run_StandbyStorageGoneDuringRestore_CompletesWhenItIsBack()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await using var stage = await Stage.StartAsync(patience.Token);
        await stage.PlayAsync(
            patience.Token, UploadStep.PlayAsync, PlanStep.PlayAsync, BackupStep.PlayAsync, Stage.DarkenAsync, AlertStep.PlayAsync);

        await stage.Environment.Secondary.StopAsync();
        await Task.Delay(TimeSpan.FromSeconds(5), patience.Token);
        await stage.Environment.Secondary.StartAsync(patience.Token);

        await stage.PlayAsync(patience.Token, FailoverStep.PlayAsync, ComparisonStep.PlayAsync, EvidenceStep.PlayAsync);
        Assert.Equal(RunState.Completed, stage.Scene.Run?.State);
    }
}
