using System.Diagnostics;
using System.Globalization;
using DrFunctions.Testing.Emulators;
using Xunit.Abstractions;

namespace DrFunctions.LocalRuntime.Tests.Durable.Processes;

/// <summary>Two real processes on one hub: one holds it, the other stands by.</summary>
public sealed class TwoProcessesTests(AzuriteFixture azurite, ITestOutputHelper output) : IClassFixture<AzuriteFixture>
{
    private const string Holds = "This host holds task hub";
    private const string StandsBy = "Another host holds task hub";
    private const string HasLost = "This host has lost task hub";

    // The lease time is 10 s; the rest is for a slow machine.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Holder_KilledWhileTheClocksAreTenMinutesApart_IsFollowedAndNothingRunsTwice() => await Task.WhenAll(
        FollowAsync("ahead", TimeSpan.FromMinutes(10), TimeSpan.Zero),
        FollowAsync("behind", TimeSpan.Zero, TimeSpan.FromMinutes(10)));

    [Fact]
    public async Task Holder_PausedBeyondItsLease_IsFencedOffWhenItWakesAndStandsBy()
    {
        await using var hub = new CrashHub(azurite.Server.ConnectionString, "paused");
        var (paused, next) = await StartTwoAsync(hub, default, default);
        await CrashHub.AskAsync(() => paused.StartAsync("Walk", "walk"));
        await UntilWaitingAsync(next, "walk");
        await CrashHub.AskAsync(() => paused.StartAsync("Crawl", "crawl"));
        await hub.UntilBegunAsync("crawl");

        paused.Pause(); // In the middle of the slow activity.
        await next.UntilSaysAsync(Holds);
        var crawled = await hub.EndOfAsync(() => next, "crawl");
        await CrashHub.AskAsync(() => next.RaiseAsync("walk", "go"));
        var walked = await hub.EndOfAsync(() => next, "walk");
        paused.Resume();
        await paused.UntilSaysAsync(HasLost);
        await paused.UntilSaysAsync(StandsBy);

        Assert.Equal(("Completed", $"\"{next.Id}\""), crawled);
        Assert.Equal(("Completed", "\"first go last\""), walked);
        Assert.Equal(crawled, await hub.EndOfAsync(() => paused, "crawl"));
        Assert.Equal(["last", "slow"], hub.Effects("crawl"));
        hub.AssertNeverTwoAtOnce();

        var begun = Stopwatch.GetTimestamp();
        await next.KillAsync();
        await CrashHub.AskAsync(() => paused.StartAsync("Walk", "again"));
        await CrashHub.AskAsync(() => paused.RaiseAsync("again", "go"));
        var again = await hub.EndOfAsync(() => paused, "again");
        Assert.Equal(("Completed", "\"first go last\""), again);
        AssertBound("Take-over by the one that was paused", begun);
    }

    private async Task FollowAsync(string name, TimeSpan offsetOfHolder, TimeSpan offsetOfNext)
    {
        await using var hub = new CrashHub(azurite.Server.ConnectionString, $"clocks{name}");
        var (holder, next) = await StartTwoAsync(hub, offsetOfHolder, offsetOfNext);
        await CrashHub.AskAsync(() => holder.StartAsync("Walk", "walk"));
        await CrashHub.AskAsync(() => next.StartAsync("Walk", "asked-of-the-other"));
        await UntilWaitingAsync(holder, "walk");
        await UntilWaitingAsync(holder, "asked-of-the-other");

        var begun = Stopwatch.GetTimestamp();
        await holder.KillAsync();
        await CrashHub.AskAsync(() => next.RaiseAsync("walk", "go"));
        await CrashHub.AskAsync(() => next.RaiseAsync("asked-of-the-other", "go"));
        foreach (var id in new[] { "walk", "asked-of-the-other" })
        {
            Assert.Equal(("Completed", "\"first go last\""), await hub.EndOfAsync(() => next, id));
            Assert.Equal(["first", "last"], hub.Effects(id));
        }

        AssertBound($"Take-over, the holder's clock {name}", begun);
        await CrashHub.AskAsync(() => next.StartAsync("Journey", "journey")); // Started here: its timers go by this clock.
        await CrashHub.AskAsync(() => next.RaiseAsync("journey", "go"));
        hub.AssertJourney("journey", await hub.EndOfAsync(() => next, "journey"));
        hub.AssertNeverTwoAtOnce();
    }

    private static async Task<(CrashApp Holder, CrashApp Next)> StartTwoAsync(CrashHub hub, TimeSpan offsetOfHolder, TimeSpan offsetOfNext)
    {
        var holder = hub.StartApp(offsetOfHolder);
        await holder.UntilSaysAsync(Holds);
        var next = hub.StartApp(offsetOfNext);
        await next.UntilSaysAsync(StandsBy);
        return (holder, next);
    }

    private static async Task UntilWaitingAsync(CrashApp app, string id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await app.ShowAsync(id) is not ["Running", "\"waits\"", _])
        {
            await Task.Delay(50, patience.Token);
        }
    }

    private void AssertBound(string what, long begun)
    {
        var took = Stopwatch.GetElapsedTime(begun);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {took.TotalSeconds:0.0} s"));
        Assert.InRange(took, TimeSpan.Zero, Bound);
    }
}
