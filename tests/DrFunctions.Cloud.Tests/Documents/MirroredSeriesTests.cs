using System.Globalization;
using System.Text;
using DrFunctions.Cloud.Documents;
using DrFunctions.Recovery.Documents;
using Microsoft.Extensions.Logging.Abstractions;

namespace DrFunctions.Cloud.Tests.Documents;

/// <summary>A run's journal in two regions: one mark, one write in each region an entry, and nothing that is missing stays unfound.</summary>
public sealed class MirroredSeriesTests
{
    private const int Entries = 4;
    private const string Anchor = "runs/shop-1/anchor";
    private const string Mark = "unmirrored/runs/shop-1/new";
    private readonly MemoryDocumentStore _control = new();
    private readonly MemoryDocumentStore _mirror = new();
    private readonly MovableTime _time = new();

    [Fact]
    public async Task Append_AWholeRun_TakesOneMarkAndOneWriteInEachRegionAnEntry()
    {
        var (control, mirror) = (0, 0);
        var store = Process(Count(() => control++), Count(() => mirror++));

        await GoOnAsync(store);

        Assert.Equal((1 + Entries + 1, Entries + 1), (control, mirror));
        Assert.Equal([Mark], await MarksAsync());
        Assert.Equal(0, await Process().CatchUpAsync(default));
        Assert.Empty(await MarksAsync());

        static Func<Moment, Task> Count(Action count) => moment =>
        {
            if (moment == Moment.Before)
            {
                count();
            }

            return Task.CompletedTask;
        };
    }

    [Fact]
    public async Task CatchUp_WhileTheRunGoesOn_KeepsItsMarkAndMissesNothing()
    {
        var store = Process();
        await store.TryCreateAsync(Key(0), Json(Key(0)), default);

        Assert.Equal(0, await Process().CatchUpAsync(default));
        Assert.Equal([Mark], await MarksAsync());

        await GoOnAsync(store);
        Assert.Equal(0, await Process().CatchUpAsync(default));
        Assert.Empty(await MarksAsync());
    }

    [Fact]
    public async Task CatchUp_AMarkWithoutItsFirstEntry_IsAWriteThatMayBeUnderWay()
    {
        await _control.TryCreateAsync(Mark, Json("mark"), default);

        Assert.Equal(1, await Process().CatchUpAsync(default));
        Assert.Equal([Mark], await MarksAsync());
    }

    [Fact]
    public async Task Append_AfterTheEnd_ChangesNothingAndItsMarkIsRemovedAgain()
    {
        await GoOnAsync(Process());
        await Process().CatchUpAsync(default);

        Assert.False(await Process().TryCreateAsync(Key(Entries - 1), Json("late"), default));
        Assert.False(await Process().TryCreateAsync(Anchor, Json("late"), default));

        Assert.Equal(0, await Process().CatchUpAsync(default));
        Assert.Empty(await MarksAsync());
        await AssertWholeAsync("late");
    }

    [Fact]
    public async Task Append_TheMirrorHasAnotherEntry_IsLeftAndTheMarkOfThatEntryStays()
    {
        await _mirror.TryCreateAsync(Key(2), Json("of another app"), default);

        await GoOnAsync(Process());

        Assert.Equal(1, await Process().CatchUpAsync(default));
        Assert.Equal([$"unmirrored/{Key(2)}/new"], await MarksAsync());
        Assert.True((await _mirror.ReadAsync(Key(2), default))!.Content.Span.SequenceEqual(Json("of another app").Span));
    }

    [Fact]
    public async Task Append_KilledAtAnyCall_IsHealedByCatchUpAndGoesOn()
    {
        for (var kill = 0; ; kill++)
        {
            var test = new MirroredSeriesTests();
            var killer = new Killer(kill);
            try
            {
                await test.GoOnAsync(test.Process(killer.OnCall, killer.OnCall));
                Assert.True(kill > 4 * Entries, $"only {kill} moments to die at");
                return;
            }
            catch (KilledException)
            {
                await test.AssertFoundAsync($"killed at moment {kill}");
            }

            await test.Process().CatchUpAsync(default);
            await test.AssertWholeAsync($"killed at moment {kill}");
            await test.GoOnAsync(test.Process());
            await test.AssertEndsWholeAsync($"killed at moment {kill}, then gone on");
        }
    }

    [Fact]
    public async Task CatchUp_KilledAtAnyCall_LosesNothing()
    {
        for (var kill = 0; ; kill++)
        {
            var test = new MirroredSeriesTests();
            await test.GoOnAsync(test.Process(mirror: _ => throw new DocumentStoreException("gone", isTransient: true)));
            var killer = new Killer(kill);
            try
            {
                await test.Process(killer.OnCall, killer.OnCall).CatchUpAsync(default);
                Assert.True(kill > 4 * Entries, $"only {kill} moments to die at");
                return;
            }
            catch (KilledException)
            {
                await test.AssertFoundAsync($"killed at moment {kill}");
            }

            await test.AssertEndsWholeAsync($"killed at moment {kill}");
        }
    }

    [Fact]
    public async Task Append_TheMirrorGoesAtAnyCallAndComesBackAtAnyLaterOne_EndsWhole()
    {
        var calls = 0;
        await GoOnAsync(Process(mirror: _ => Task.FromResult(calls++)));
        for (var gone = 0; gone < calls; gone++)
        {
            for (var back = gone + 1; back <= calls; back++)
            {
                var test = new MirroredSeriesTests();
                var at = 0;
                var store = test.Process(mirror: _ => at++ is var call && call >= gone && call < back
                    ? throw new DocumentStoreException("gone", isTransient: true)
                    : Task.CompletedTask);
                while (!await test.AppendNextAsync(store))
                {
                    // Its pause is over every other time.
                    test._time.Advance(MirroredDocumentStore.MirrorPause / 2);
                    await test.AssertFoundAsync($"gone from {gone} to {back}");
                }

                await test.AssertEndsWholeAsync($"gone from {gone} to {back}");
            }
        }
    }

    [Fact]
    public async Task TwoProcesses_KilledAndFailingAtRandomBesideACatchUp_NothingMissingIsUnfound()
    {
        var deaths = 0;
        for (var seed = 0; seed < 1000; seed++)
        {
            var test = new MirroredSeriesTests();
            var random = new Random(seed);
            var ended = await new Schedule(random).RunAsync(WriterAsync, WriterAsync, CatchUpAsync);
            deaths += ended.Count(one => !one);

            await test.AssertFoundAsync($"seed {seed}");
            await test.GoOnAsync(test.Process());
            await test.AssertEndsWholeAsync($"seed {seed}");

            async Task<bool> WriterAsync(Func<Moment, Task> turn)
            {
                var store = test.Process(OrDie(turn), OrFail(turn));
                try
                {
                    while (!await test.AppendNextAsync(store))
                    {
                        test._time.Advance(MirroredDocumentStore.MirrorPause);
                    }

                    return true;
                }
                catch (KilledException)
                {
                    return false;
                }
            }

            async Task<bool> CatchUpAsync(Func<Moment, Task> turn)
            {
                var store = test.Process(OrDie(turn), OrFail(turn));
                try
                {
                    for (var i = 0; i < 3; i++)
                    {
                        await store.CatchUpAsync(default);
                        await test.AssertFoundAsync($"seed {seed}, in the middle");
                        test._time.Advance(MirroredDocumentStore.MirrorPause);
                    }

                    return true;
                }
                catch (KilledException)
                {
                    return false;
                }
            }

            Func<Moment, Task> OrDie(Func<Moment, Task> turn) => async moment =>
            {
                await turn(moment);
                if (random.Next(30) == 0)
                {
                    throw new KilledException();
                }
            };

            Func<Moment, Task> OrFail(Func<Moment, Task> turn) => async moment =>
            {
                await turn(moment);
                if (random.Next(8) == 0)
                {
                    throw new DocumentStoreException("gone", isTransient: true);
                }
            };
        }

        Assert.True(deaths > 100, $"only {deaths} deaths");
    }

    private static string Key(int sequence) => string.Create(CultureInfo.InvariantCulture, $"runs/shop-1/journal/{sequence:D6}");

    private static ReadOnlyMemory<byte> Json(string text) => Encoding.UTF8.GetBytes($"\"{text}\"");

    private MirroredDocumentStore Process(Func<Moment, Task>? control = null, Func<Moment, Task>? mirror = null) => new(
        new InterceptedDocumentStore(_control, control ?? (_ => Task.CompletedTask)),
        new InterceptedDocumentStore(_mirror, mirror ?? (_ => Task.CompletedTask)),
        MirroredKeys.Contains,
        _time,
        NullLogger<MirroredDocumentStore>.Instance);

    /// <summary>Writes what comes next, as a run does: behind what is there. True once there is nothing more.</summary>
    private async Task<bool> AppendNextAsync(MirroredDocumentStore store)
    {
        var next = await _control.ListAsync("runs/shop-1/journal/", default).CountAsync();
        var key = next < Entries ? Key(next) : Anchor;
        await store.TryCreateAsync(key, Json(key), default);
        return key == Anchor;
    }

    private async Task GoOnAsync(MirroredDocumentStore store)
    {
        while (!await AppendNextAsync(store))
        {
            // On to the anchor.
        }
    }

    /// <summary>What the mirror misses, a mark tells of.</summary>
    private async Task AssertFoundAsync(string when)
    {
        // In this order, beside others: what was missing may come, and only then the mark goes.
        var marks = await MarksAsync();
        var here = await _control.ListAsync("runs/", default).ToListAsync();
        var there = await _mirror.ListAsync("runs/", default).ToListAsync();
        Assert.True(here.Count == there.Count || marks is [Mark], $"{when}: control has {here.Count} documents, the mirror {there.Count}, and no mark is there");
    }

    private async Task AssertEndsWholeAsync(string when)
    {
        _time.Advance(MirroredDocumentStore.MirrorPause);
        await GoOnAsync(Process());
        Assert.Equal(0, await Process().CatchUpAsync(default));
        await AssertWholeAsync(when);
        Assert.Empty(await MarksAsync());
    }

    private async Task AssertWholeAsync(string when)
    {
        foreach (var key in await _control.ListAsync("runs/", default).ToListAsync())
        {
            Assert.True(await _mirror.ReadAsync(key, default) is { } copy && copy.Content.Span.SequenceEqual(Json(key).Span), $"{when}: the mirror has no {key}, or another one");
        }
    }

    private async Task<IReadOnlyList<string>> MarksAsync() => await _control.ListAsync(MirroredDocumentStore.MarkPrefix, default).ToListAsync();
}
