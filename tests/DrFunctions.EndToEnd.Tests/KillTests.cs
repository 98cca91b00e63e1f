using System.Diagnostics;
using System.Globalization;
using DrFunctions.Cli.Demo;
using DrFunctions.Recovery.Runs;
using Xunit.Abstractions;

namespace DrFunctions.EndToEnd.Tests;

/// <summary>
/// The function app is killed (SIGKILL) at a random moment of the scene and started again; the failover must complete all the
/// same. Ten moments by default; <c>bash tests/kill-campaign N</c> plays N.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Scene_AppKilledAtAnyMoment_EndsInCompletedFailover()
    {
        var count = Number("DR_KILLS", 10);
        var seed = Number("DR_SEED", System.Environment.ProcessId);
        var random = new Random(seed);
        output.WriteLine($"{count} kills, seed {seed}");

        // The first scene is not killed: it says how long the others have moments in.
        var length = await PlayAsync(killAfter: null);
        for (var kill = 1; kill <= count; kill++)
        {
            var moment = length * random.NextDouble();
            var took = await PlayAsync(moment);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{kill}: killed after {moment.TotalSeconds:0.00} s of {length.TotalSeconds:0.0} s, completed after {took.TotalSeconds:0.0} s"));
        }
    }

    private static async Task<TimeSpan> PlayAsync(TimeSpan? killAfter)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await using var stage = await Stage.StartAsync(patience.Token);
        await stage.PlayAsync(patience.Token, UploadStep.PlayAsync, PlanStep.PlayAsync);
        var began = Stopwatch.GetTimestamp();
        var killing = killAfter is { } moment ? KillAsync(stage, moment, patience.Token) : Task.CompletedTask;
        await stage.PlayAsync(
            patience.Token,
            BackupStep.PlayAsync,
            Stage.DarkenAsync,
            AlertStep.PlayAsync,
            FailoverStep.PlayAsync);
        var took = Stopwatch.GetElapsedTime(began);
        await killing;
        await stage.PlayAsync(patience.Token, ComparisonStep.PlayAsync, EvidenceStep.PlayAsync);

        var runs = (await stage.Scene.App.ListRunsAsync(stage.Scene.Workload, patience.Token)).Runs;
        var run = Assert.Single(runs);
        Assert.Equal(RunState.Completed, run.State);
        Assert.Equal(1, run.Epoch);
        Assert.NotNull(run.Attained.RtoSeconds);
        Assert.NotNull(run.Attained.RpoSeconds);
        return took;
    }

    private static async Task KillAsync(Stage stage, TimeSpan moment, CancellationToken cancellationToken)
    {
        await Task.Delay(moment, cancellationToken);
        await stage.Environment.App.KillAsync();
        await stage.Environment.App.StartAsync(cancellationToken);
    }

    private static int Number(string variable, int otherwise) =>
        System.Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
