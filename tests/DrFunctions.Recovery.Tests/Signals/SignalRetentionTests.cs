using DrFunctions.Recovery.Signals;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Signals;

public sealed class SignalRetentionTests
{
    [Fact]
    public async Task Sweep_OldSignals_GoWithAllThatBelongsToThem()
    {
        var scene = new RecoveryScene();
        await AddAsync(scene, "old", attach: true);
        await scene.Signals.AddAsync(Samples.Signal("unreadable") with { Workload = null, Disposition = SignalDisposition.Unreadable }, default);
        scene.Clock.Advance(SignalRetention.Age - TimeSpan.FromSeconds(1));
        await AddAsync(scene, "new", attach: true, minutes: 30 * 24 * 60);
        Assert.Equal(0, await Retention(scene).SweepAsync(default));

        scene.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2, await Retention(scene).SweepAsync(default));

        Assert.Equal(["new"], (await scene.Signals.ReadAsync(null, 10, null, default)).Signals.Select(record => record.Signal.Id));
        Assert.Equal(3, await CountAsync(scene));
    }

    [Fact]
    public async Task Sweep_AnAlertThatStillWaitsForItsIncident_Stays()
    {
        var scene = new RecoveryScene();
        await AddAsync(scene, "waits", attach: false);
        scene.Clock.Advance(2 * SignalRetention.Age);

        Assert.Equal(0, await Retention(scene).SweepAsync(default));
        Assert.Single(await scene.Signals.ReadUnattachedAsync("shop", default));
    }

    [Fact]
    public async Task Sweep_MoreThanAreKept_RemovesTheOldestOfThatWorkload()
    {
        var scene = new RecoveryScene();
        for (var each = 0; each < SignalRetention.Most + 2; each++)
        {
            await AddAsync(scene, $"s{each}", attach: true, minutes: each);
        }

        await scene.Signals.AddAsync(Samples.Signal("other") with { Workload = "other", Disposition = SignalDisposition.Ignored }, default);

        Assert.Equal(2, await Retention(scene).SweepAsync(default));
        Assert.Equal(0, await Retention(scene).SweepAsync(default));
        var kept = (await scene.Signals.ReadAsync("shop", int.MaxValue, null, default)).Signals;
        Assert.Equal((SignalRetention.Most, "s2"), (kept.Count, kept[^1].Signal.Id));
    }

    [Theory]
    [InlineData(Moment.Before)]
    [InlineData(Moment.After)]
    public async Task Sweep_KilledAtAnyCall_IsFinishedByTheNext(Moment when)
    {
        var fault = -1;
        for (var isOver = false; !isOver;)
        {
            fault++;
            var scene = new RecoveryScene();
            await AddAsync(scene, "old", attach: true);
            scene.Clock.Advance(2 * SignalRetention.Age);
            var calls = 0;
            scene.Interception.Around = (call, moment) => moment == when && calls++ == fault ? throw new KilledException(call) : Task.CompletedTask;
            isOver = await Task.WhenAny(Retention(scene).SweepAsync(default)) is { IsCompletedSuccessfully: true };
            scene.Interception.Around = (_, _) => Task.CompletedTask;

            await Retention(scene).SweepAsync(default);

            Assert.Equal(0, await CountAsync(scene));
        }

        Assert.InRange(fault, 5, 30);
    }

    [Fact]
    public async Task Sweep_TheArrivalOfADuplicateThatDied_LeavesTheSignal()
    {
        var scene = new RecoveryScene();
        await AddAsync(scene, "a", attach: true, minutes: 30 * 24 * 60);
        await scene.Documents.TryCreateAsync(new SignalArrival("shop", MovableClock.Start, "a").Key, "{}"u8.ToArray(), default);
        scene.Clock.Advance(SignalRetention.Age + TimeSpan.FromMinutes(1));

        Assert.Equal(1, await Retention(scene).SweepAsync(default));
        Assert.Single((await scene.Signals.ReadAsync("shop", 10, null, default)).Signals);
        Assert.Equal(3, await CountAsync(scene));
    }

    private static SignalRetention Retention(RecoveryScene scene) => new(scene.Documents, scene.Signals, scene.Clock);

    private static async Task AddAsync(RecoveryScene scene, string id, bool attach, int minutes = 0)
    {
        await scene.Signals.AddAsync(Samples.Signal(id, minutes), default);
        if (attach)
        {
            await scene.Signals.AttachAsync("shop", id, "shop-000001", default);
        }
    }

    private static async Task<int> CountAsync(RecoveryScene scene) => await scene.Documents.ListAsync("", default).CountAsync();
}
