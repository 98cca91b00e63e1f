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
    // A killed scene waits most of the time, for the lease of the dead process.
    private const int Lanes = 2;

    [Fact]
    public async Task Scene_AppKilledAtAnyMoment_EndsInCompletedFailover()
    {
        var count = Number("DR_KILLS", 10);
        var seed = Number("DR_SEED", System.Environment.ProcessId);
        output.WriteLine($"{count} kills, seed {seed}, {Lanes} scenes at a time");
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async lane =>
        {
            var random = new Random(seed + lane);

            // The first scene is not killed: it says how long the others have moments in. One that ends before its kill does not count.
            var length = (await PlayAsync(killAfter: null)).Took;
            for (var kill = Interlocked.Increment(ref next); kill <= count;)
            {
                var moment = length * random.NextDouble();
                var (took, killedIn) = await PlayAsync(moment);
                if (killedIn is null)
                {
                    length = took;
                    continue;
                }

                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{kill}: killed after {moment.TotalSeconds:0.00} s, at '{killedIn}'; completed after {took.TotalSeconds:0.0} s"));
                kill = Interlocked.Increment(ref next);
            }
        }));
    }

    private static async Task<(TimeSpan Took, string? KilledIn)> PlayAsync(TimeSpan? killAfter)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await using var stage = await Stage.StartAsync(patience.Token);
        await stage.PlayAsync(patience.Token, UploadStep.PlayAsync, PlanStep.PlayAsync);
        var began = Stopwatch.GetTimestamp();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
        var killing = killAfter is { } moment ? KillAsync(stage, moment, over.Token, patience.Token) : Task.FromResult<string?>(null);
        await stage.PlayAsync(
            patience.Token,
            BackupStep.PlayAsync,
            Stage.DarkenAsync,
            AlertStep.PlayAsync,
            FailoverStep.PlayAsync);
        var took = Stopwatch.GetElapsedTime(began);
        await over.CancelAsync();
        var killedIn = await killing;
        await stage.PlayAsync(patience.Token, ComparisonStep.PlayAsync, EvidenceStep.PlayAsync);

        var runs = (await stage.Scene.App.ListRunsAsync(stage.Scene.Workload, patience.Token)).Runs;
        var run = Assert.Single(runs);
        Assert.Equal(RunState.Completed, run.State);
        Assert.Equal(1, run.Epoch);
        Assert.NotNull(run.Attained.RtoSeconds);
        Assert.NotNull(run.Attained.RpoSeconds);
        return (took, killedIn);
    }

    // Answers with what was under way when the app was killed; null when the scene was over before.
    private static async Task<string?> KillAsync(Stage stage, TimeSpan moment, CancellationToken over, CancellationToken patience)
    {
        try
        {
            await Task.Delay(moment, over);
        }
        catch (OperationCanceledException) when (!patience.IsCancellationRequested)
        {
            return null;
        }

        var said = stage.LastLine;
        await stage.Environment.App.KillAsync();
        await stage.Environment.App.StartAsync(patience);
        return said;
    }

    private static int Number(string variable, int otherwise) =>
        System.Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
