using System.Diagnostics;
using System.Globalization;
using DrFunctions.Testing.Emulators;
using Xunit.Abstractions;

namespace DrFunctions.LocalRuntime.Tests.Durable.Processes;

/// <summary>
/// The process is killed (SIGKILL) at random moments and started again; every orchestration ends as it must, and each effect is had
/// once. Ten kills by default; <c>bash tests/durable-kill-campaign N</c> plays N.
/// </summary>
public sealed class KillTests(AzuriteFixture azurite, ITestOutputHelper output) : IClassFixture<AzuriteFixture>
{
    private const int JourneysARound = 2;

    [Fact]
    public async Task App_KilledAtAnyMoment_EndsEveryOrchestrationWithEachEffectOnce()
    {
        // A killed process's successor waits most of the time, for the lease: several hubs at a time.
        var (count, seed, lanes) = (Number("DR_KILLS", 10), Number("DR_SEED", Environment.ProcessId), Number("DR_LANES", 5));
        output.WriteLine($"{count} kills, seed {seed}, {lanes} hubs at a time");
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(async lane =>
        {
            await using var hub = new CrashHub(azurite.Server.ConnectionString, $"kills{lane}");
            var random = new Random(seed + lane);
            var app = hub.StartApp();

            // The first round is not killed: it says how long the others have moments in. One that ends before its kill does not count.
            var round = 0;
            var (length, _) = await PlayAsync(hub, () => app, $"lane{lane}-{round}", null);
            for (var kill = Interlocked.Increment(ref next); kill <= count;)
            {
                var moment = length * random.NextDouble();
                var (took, isKilled) = await PlayAsync(hub, () => app, $"lane{lane}-{++round}", async over =>
                {
                    await Task.Delay(moment, over);
                    await app.KillAsync();
                    app = hub.StartApp();
                });
                if (!isKilled)
                {
                    length = took;
                    continue;
                }

                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{kill}: killed after {moment.TotalSeconds:0.000} s of {length.TotalSeconds:0.0}; ended after {took.TotalSeconds:0.0} s"));
                kill = Interlocked.Increment(ref next);
            }

            hub.AssertNeverTwoAtOnce();
        }));
    }

    private static async Task<(TimeSpan Took, bool IsKilled)> PlayAsync(
        CrashHub hub, Func<CrashApp> app, string round, Func<CancellationToken, Task>? kill)
    {
        await app().UntilSaysAsync("This host holds task hub");
        using var over = new CancellationTokenSource();
        var begun = Stopwatch.GetTimestamp();
        var killing = kill?.Invoke(over.Token) ?? Task.FromCanceled(new CancellationToken(canceled: true));
        await Task.WhenAll(Enumerable.Range(0, JourneysARound).Select(async i =>
        {
            var id = $"{round}-{i}";
            await CrashHub.AskAsync(() => app().StartAsync("Journey", id));
            await CrashHub.AskAsync(() => app().RaiseAsync(id, "go"));
            hub.AssertJourney(id, await hub.EndOfAsync(app, id));
        }));
        var took = Stopwatch.GetElapsedTime(begun);
        await over.CancelAsync();
        try
        {
            await killing;
            return (took, true);
        }
        catch (OperationCanceledException)
        {
            return (took, false);
        }
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
