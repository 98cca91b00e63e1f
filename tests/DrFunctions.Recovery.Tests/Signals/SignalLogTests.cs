using DrFunctions.Recovery.Signals;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Signals;

public sealed class SignalLogTests
{
    [Fact]
    public async Task Add_TheSameSignalTwice_IsADuplicateAndKeepsTheFirst()
    {
        var scene = new RecoveryScene();

        Assert.True(await scene.Signals.AddAsync(Samples.Signal("a", body: "first"), default));
        Assert.False(await scene.Signals.AddAsync(Samples.Signal("a", body: "second"), default));

        Assert.Equal("first", Assert.Single((await scene.Signals.ReadAsync("shop", 10, null, default)).Signals).Body);
    }

    [Fact]
    public async Task ReadUnattached_GivesCorrelatedOnesOldestFirst()
    {
        var scene = new RecoveryScene();
        await scene.Signals.AddAsync(Samples.Signal("a", minutes: 2), default);
        await scene.Signals.AddAsync(Samples.Signal("b", minutes: 1), default);
        await scene.Signals.AddAsync(Samples.Signal("c", minutes: 3), default);
        await scene.Signals.AddAsync(Samples.Signal("d") with { Disposition = SignalDisposition.Ignored }, default);
        await scene.Signals.AddAsync(Samples.Signal("e") with { Disposition = SignalDisposition.Unreadable, Workload = null }, default);
        await scene.Signals.AddAsync(Samples.Signal("f") with { Workload = "shop2" }, default);
        await scene.Signals.AttachAsync("shop", "c", "shop-000001", default);

        Assert.Equal(["b", "a"], (await scene.Signals.ReadUnattachedAsync("shop", default)).Select(record => record.Signal.Id));
    }

    [Fact]
    public async Task ReadUnattached_ReadsNoDocumentThatWaitsForNoIncident()
    {
        var scene = new RecoveryScene();
        await scene.Signals.AddAsync(Samples.Signal("a") with { Disposition = SignalDisposition.Ignored }, default);
        var calls = new List<string>();
        scene.Interception.Around = (call, _) =>
        {
            calls.Add(call);
            return Task.CompletedTask;
        };

        await scene.Signals.ReadUnattachedAsync("shop", default);

        Assert.DoesNotContain(calls, call => call.StartsWith("Read ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_GivesAllOrOneWorkloadsNewestFirst()
    {
        var scene = new RecoveryScene();
        await scene.Signals.AddAsync(Samples.Signal("a", minutes: 1), default);
        await scene.Signals.AddAsync(Samples.Signal("b", minutes: 3), default);
        await scene.Signals.AddAsync(Samples.Signal("c", minutes: 2) with { Disposition = SignalDisposition.Unreadable, Workload = null }, default);

        Assert.Equal(["b", "c", "a"], (await scene.Signals.ReadAsync(null, 10, null, default)).Signals.Select(record => record.Signal.Id));
        Assert.Equal(["b", "a"], (await scene.Signals.ReadAsync("shop", 10, null, default)).Signals.Select(record => record.Signal.Id));
    }

    [Fact]
    public async Task Attach_Twice_KeepsTheFirstIncident()
    {
        var scene = new RecoveryScene();

        await scene.Signals.AttachAsync("shop", "a", "shop-000001", default);
        await scene.Signals.AttachAsync("shop", "a", "shop-000002", default);

        Assert.Contains("shop-000001", System.Text.Encoding.UTF8.GetString((await scene.Documents.ReadAsync("attached/shop/a", default))!.Content.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_CorrelatedWithNoWorkload_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => new RecoveryScene().Signals.AddAsync(Samples.Signal("a") with { Workload = null }, default));

    [Fact]
    public async Task Read_PageByPage_GivesEverySignalOnceNewestFirst()
    {
        var scene = new RecoveryScene();
        for (var minute = 0; minute < 7; minute++)
        {
            // Two workloads hear of the same alert.
            await scene.Signals.AddAsync(Samples.Signal($"s{minute}", minute), default);
            await scene.Signals.AddAsync(Samples.Signal($"s{minute}", minute) with { Workload = "other" }, default);
        }

        var (pages, seen, after) = (0, new List<string>(), (string?)null);
        do
        {
            var page = await scene.Signals.ReadAsync(null, 3, after, default);
            Assert.True(page.Next is null || SignalArrival.IsPosition(page.Next));
            seen.AddRange(page.Signals.Select(record => $"{record.Signal.Id} {record.Workload}"));
            (after, pages) = (page.Next, pages + 1);
        }
        while (after is not null);

        Assert.Equal(5, pages);
        Assert.Equal(Enumerable.Range(0, 7).Reverse().SelectMany(minute => new[] { $"s{minute} other", $"s{minute} shop" }), seen);
    }

    [Theory]
    [InlineData(Moment.Before)]
    [InlineData(Moment.After)]
    public async Task Add_KilledAtAnyCallAndDeliveredAgainLater_IsListedOnce(Moment when)
    {
        var fault = -1;
        for (var isOver = false; !isOver;)
        {
            fault++;
            var scene = new RecoveryScene();
            var calls = 0;
            scene.Interception.Around = (call, moment) => moment == when && calls++ == fault ? throw new KilledException(call) : Task.CompletedTask;
            isOver = await Task.WhenAny(scene.Signals.AddAsync(Samples.Signal("a"), default)) is { IsCompletedSuccessfully: true };
            scene.Interception.Around = (_, _) => Task.CompletedTask;
            var later = Samples.Signal("a");
            await scene.Signals.AddAsync(later with { Signal = later.Signal with { ReceivedAt = later.Signal.ReceivedAt + TimeSpan.FromSeconds(10) } }, default);

            Assert.Single((await scene.Signals.ReadAsync("shop", 10, null, default)).Signals);
            Assert.Single(await scene.Signals.ReadUnattachedAsync("shop", default));
        }

        Assert.InRange(fault, 2, 10);
    }
}
