using DrFunctions.Cli.Api;
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

    [Fact]
    public async Task Run_StandbyDoesNotAnswer_SaysWhatItWaitsForAndGoesOn()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        await using var stage = await Stage.StartAsync(patience.Token);
        var environment = stage.Environment;
        await stage.PlayAsync(patience.Token, UploadStep.PlayAsync, PlanStep.PlayAsync, BackupStep.PlayAsync, Stage.DarkenAsync);
        await environment.Simulator.SetRegionDarkAsync(environment.Plan.Secondary.Name, dark: true, patience.Token);
        await stage.PlayAsync(patience.Token, AlertStep.PlayAsync);

        var waiting = await new Polling(TimeProvider.System, "Look into app.log.").UntilAsync(
            "the step that starts the standby to say what it waits for",
            TimeSpan.FromMinutes(1),
            async token => (await stage.Scene.App.ListRunsAsync(stage.Scene.Workload, token)).Runs is [var run] ? await stage.Scene.App.ReadRunAsync(run.RunId, token) : null,
            run => run?.Steps.Any(step => step is { State: StepState.Running, Summary: not null }) == true,
            patience.Token);
        Assert.StartsWith("HealthPending: http://shop-northeurope.azurewebsites.net:", waiting!.Steps[2].Summary, StringComparison.Ordinal); // the wait ends with a run

        await environment.Simulator.SetRegionDarkAsync(environment.Plan.Secondary.Name, dark: false, patience.Token);
        await stage.PlayAsync(patience.Token, FailoverStep.PlayAsync, ComparisonStep.PlayAsync, EvidenceStep.PlayAsync);
        Assert.Equal(RunState.Completed, stage.Scene.Run?.State);
    }
}
