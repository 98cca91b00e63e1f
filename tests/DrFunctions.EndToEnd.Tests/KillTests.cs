using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace DrFunctions.EndToEnd.Tests;

/// <summary>
/// The function app is killed (SIGKILL) at a random moment of a scene and started again; the run must complete all the same, with
/// each effect once. Failovers and failbacks in turn. Ten moments by default; <c>bash tests/kill-campaign N</c> plays N.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    // A killed scene waits most of the time, for the lease of the dead process.
    private const int Lanes = 2;

    private static readonly Func<KillScene>[] s_scenes = [() => KillScene.Failover, () => KillScene.Failback];

    [Fact]
    public async Task Scene_AppKilledAtAnyMoment_CompletesWithEachEffectOnce()
    {
        var count = Number("DR_KILLS", 10);
        var seed = Number("DR_SEED", System.Environment.ProcessId);
        output.WriteLine($"{count} kills, seed {seed}, {Lanes} scenes at a time");

        // The first scenes are not killed: they say how long the others have moments in.
        var lengths = new ConcurrentDictionary<int, TimeSpan>();
        await Task.WhenAll(s_scenes.Select(async (scene, kind) => lengths[kind] = (await PlayAsync(scene(), killAfter: null)).Took));
        var (next, killed) = (0, new int[s_scenes.Length]);
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async lane =>
        {
            var random = new Random(seed + lane);
            for (var kill = Interlocked.Increment(ref next); kill <= count;)
            {
                var kind = kill % s_scenes.Length;
                var moment = lengths[kind] * random.NextDouble();
                var scene = s_scenes[kind]();
                var (took, killedIn) = await PlayAsync(scene, moment);
                if (killedIn is null)
                {
                    // It ended before its kill, and does not count.
                    lengths[kind] = took;
                    continue;
                }

                Interlocked.Increment(ref killed[kind]);
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{kill}: {scene.Name} killed after {moment.TotalSeconds:0.00} s, at '{killedIn}'; completed after {took.TotalSeconds:0.0} s"));
                kill = Interlocked.Increment(ref next);
            }
        }));
        output.WriteLine($"completed, each effect once: {string.Join(", ", s_scenes.Select((scene, kind) => $"{killed[kind]} killed {scene().Name}s"))}");
        Assert.Equal(count, killed.Sum());
    }

    private static async Task<(TimeSpan Took, string? KilledIn)> PlayAsync(KillScene scene, TimeSpan? killAfter)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        await using var stage = await Stage.StartAsync(patience.Token);
        await scene.PrepareAsync(stage, patience.Token);
        var began = Stopwatch.GetTimestamp();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
        var killing = killAfter is { } moment ? KillAsync(stage, moment, over.Token, patience.Token) : Task.FromResult<string?>(null);
        await scene.PlayAsync(stage, patience.Token);
        var took = Stopwatch.GetElapsedTime(began);
        await over.CancelAsync();
        var killedIn = await killing;
        await scene.CheckAsync(stage, patience.Token);
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
