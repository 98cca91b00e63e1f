using DrFunctions.Cli.Demo;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.EndToEnd.Tests;

/// <summary>Two processes of the app on one task hub: every run runs once.</summary>
public sealed class TwoAppsTests
{
    [Fact]
    public async Task Scene_TwoAppsOnOneHub_RunsOnce()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        await using var stage = await Stage.StartAsync(patience.Token);
        await using var second = await stage.Environment.StartAppAsync("second", stage.Environment.Ports.Base + 72, patience.Token);
        await stage.PlayAsync(
            patience.Token,
            UploadStep.PlayAsync,
            PlanStep.PlayAsync,
            BackupStep.PlayAsync,
            Stage.DarkenAsync,
            AlertStep.PlayAsync,
            AlertStep.PlayAsync,
            FailoverStep.PlayAsync,
            ComparisonStep.PlayAsync,
            EvidenceStep.PlayAsync);

        Assert.True(second.IsRunning, stage.Said);
        var run = Assert.Single((await stage.Scene.App.ListRunsAsync(stage.Scene.Workload, patience.Token)).Runs);
        Assert.Equal(RunState.Completed, run.State);
        Assert.Equal(1, run.Epoch);
        // The scene may lie across the end of a minute: then there are two occurrences, each done once.
        var backups = (await stage.Scene.App.ListBackupsAsync(stage.Scene.Workload, patience.Token)).Backups;
        Assert.NotEmpty(backups);
        Assert.Distinct(backups.Select(backup => (backup.Policy, backup.Occurrence)));
        Assert.Distinct(backups.Select(backup => backup.SnapshotId));
    }

    [Fact]
    public async Task Scene_AppThatHoldsTheHubKilledForGood_OtherCompletesIt()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        await using var stage = await Stage.StartAsync(patience.Token);
        await stage.PlayAsync(patience.Token, UploadStep.PlayAsync, PlanStep.PlayAsync, BackupStep.PlayAsync, Stage.DarkenAsync);
        await using var second = await stage.Environment.StartAppAsync("second", stage.Environment.Ports.Base + 72, patience.Token);
        await stage.PlayAsync(patience.Token, AlertStep.PlayAsync);

        // The first one was there before: it holds the hub, and the second one waits for its lease.
        Assert.Contains(stage.Environment.App.ReadLogTail(1000), line => line.Contains("This host holds task hub", StringComparison.Ordinal));
        Assert.DoesNotContain(second.ReadLogTail(1000), line => line.Contains("This host holds task hub", StringComparison.Ordinal));
        await stage.Environment.App.KillAsync();
        stage.Scene.Use(second);

        await stage.PlayAsync(patience.Token, FailoverStep.PlayAsync, ComparisonStep.PlayAsync, EvidenceStep.PlayAsync);
        Assert.Equal(RunState.Completed, stage.Scene.Run?.State);
        Assert.Contains(second.ReadLogTail(1000), line => line.Contains("This host holds task hub", StringComparison.Ordinal));
        Assert.False(stage.Environment.App.IsRunning);
    }
}
