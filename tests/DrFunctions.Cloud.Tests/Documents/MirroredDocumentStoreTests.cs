using System.Text;
using DrFunctions.Cloud.Documents;
using DrFunctions.Recovery.Documents;
using Microsoft.Extensions.Logging.Abstractions;

namespace DrFunctions.Cloud.Tests.Documents;

public sealed class MirroredDocumentStoreTests : DocumentStoreConformance
{
    private const string Lock = "locks/shop";
    private readonly MemoryDocumentStore _control = new();
    private readonly MemoryDocumentStore _mirror = new();
    private readonly MovableTime _time = new();

    protected override IDocumentStore Store => field ??= Process();

    public static TheoryData<string, string> Operations => new()
    {
        { "create", "new" }, { "create", "existing" }, { "replace", "current" }, { "replace", "stale" },
    };

    [Fact]
    public async Task Write_Mirrored_IsInBothAndLeavesNoMark()
    {
        Assert.True(await Store.TryCreateAsync(Lock, Json("1"), default));
        Assert.True(await Store.TryReplaceAsync(Lock, Json("2"), (await Store.ReadAsync(Lock, default))!.ETag, default));

        Assert.Equal("2", await TextAsync(_mirror, Lock));
        Assert.Equal([Lock], await _control.ListAsync("", default).ToListAsync());
    }

    [Fact]
    public async Task Write_NotMirrored_IsInControlOnly()
    {
        Assert.True(await Store.TryCreateAsync("signals/1", Json("1"), default));

        Assert.Null(await _mirror.ReadAsync("signals/1", default));
    }

    [Fact]
    public async Task Create_ExistingButUnmirrored_MirrorsItBeforeItRefuses()
    {
        await _control.TryCreateAsync(Lock, Json("1"), default);

        Assert.False(await Store.TryCreateAsync(Lock, Json("2"), default));

        Assert.Equal("1", await TextAsync(_mirror, Lock));
    }

    [Fact]
    public async Task Delete_Mirrored_IsNotSupported() =>
        await Assert.ThrowsAsync<NotSupportedException>(() => Store.TryDeleteAsync(Lock, "1", default));

    [Fact]
    public async Task Write_MirrorGone_CountsAndIsCaughtUp()
    {
        var gone = true;
        var store = Process(mirror: _ => gone ? throw new DocumentStoreException("gone", isTransient: true) : Task.CompletedTask);
        Assert.True(await store.TryCreateAsync(Lock, Json("1"), default));
        Assert.True(await store.TryReplaceAsync(Lock, Json("2"), (await store.ReadAsync(Lock, default))!.ETag, default));
        Assert.Equal(2, await store.CatchUpAsync(default));

        gone = false;

        Assert.Equal(0, await store.CatchUpAsync(default));
        Assert.Equal("2", await TextAsync(_mirror, Lock));
        Assert.Empty(await _control.ListAsync(MirroredDocumentStore.MarkPrefix, default).ToListAsync());
    }

    [Theory]
    [InlineData("runs/shop-1/journal/000003")]
    [InlineData("runs/shop-1/anchor")]
    public async Task CatchUp_ADocumentThatNeverChanges_IsNotReplacedInTheMirror(string key)
    {
        var store = new MirroredDocumentStore(_control, _mirror, MirroredKeys.Contains, _time, NullLogger<MirroredDocumentStore>.Instance);
        await store.TryCreateAsync(key, Json("1"), default);

        // Who writes to control only replaces the document and asks for the mirror to follow.
        await _control.TryReplaceAsync(key, Json("2"), (await _control.ReadAsync(key, default))!.ETag, default);
        await _control.TryCreateAsync($"{MirroredDocumentStore.MarkPrefix}{key}/forged", Json("1"), default);

        Assert.Equal(1, await store.CatchUpAsync(default));
        Assert.False(await store.TryCreateAsync(key, Json("3"), default));
        Assert.Equal("1", await TextAsync(_mirror, key));
    }

    [Fact]
    public async Task Write_MirrorGone_IsAskedAgainOnlyAfterThePause()
    {
        var asked = 0;
        var store = Process(mirror: _ => ++asked > 0 ? throw new DocumentStoreException("gone", isTransient: true) : Task.CompletedTask);

        await store.TryCreateAsync("locks/a", Json("1"), default);
        await store.TryCreateAsync("locks/b", Json("1"), default);
        Assert.Equal(1, asked);

        _time.Advance(MirroredDocumentStore.MirrorPause);
        await store.TryCreateAsync("locks/c", Json("1"), default);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task Write_ControlGone_FailsAndMirrorIsUntouched()
    {
        var store = Process(control: _ => throw new DocumentStoreException("gone", isTransient: true));

        await Assert.ThrowsAsync<DocumentStoreException>(() => store.TryCreateAsync(Lock, Json("1"), default));

        Assert.Empty(await _mirror.ListAsync("", default).ToListAsync());
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Write_KilledAtAnyCall_IsHealedByCatchUp(string operation, string state)
    {
        for (var kill = 0; ; kill++)
        {
            var test = new MirroredDocumentStoreTests();
            if (!await test.WriteAndDieAsync(operation, state, kill))
            {
                Assert.True(kill >= 8, $"only {kill} moments to die at");
                return;
            }

            var remaining = await test.Process().CatchUpAsync(default);

            await test.AssertMirrorIsCurrentAsync($"{operation} {state}, killed at moment {kill}");
            await test.AssertMarksWaitForAWriteAsync(remaining);
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Write_RepeatedAfterDeathAtAnyCall_IsMirroredWhenItReturns(string operation, string state)
    {
        for (var kill = 0; ; kill++)
        {
            var test = new MirroredDocumentStoreTests();
            if (!await test.WriteAndDieAsync(operation, state, kill))
            {
                return;
            }

            await test.WriteAsync(test.Process(), operation, state);

            await test.AssertMirrorIsCurrentAsync($"{operation} {state}, killed at moment {kill}");
        }
    }

    [Fact]
    public async Task CatchUp_KilledAtAnyCall_LosesNothing()
    {
        for (var kill = 0; ; kill++)
        {
            var test = new MirroredDocumentStoreTests();
            var gone = test.Process(mirror: _ => throw new DocumentStoreException("gone", isTransient: true));
            await gone.TryCreateAsync("locks/a", Json("1"), default);
            await gone.TryCreateAsync("locks/b", Json("1"), default);
            var killer = new Killer(kill);
            try
            {
                await test.Process(killer.OnCall, killer.OnCall).CatchUpAsync(default);
                Assert.True(kill > 10, $"only {kill} moments to die at");
                return;
            }
            catch (KilledException)
            {
                Assert.Equal(0, await test.Process().CatchUpAsync(default));
            }

            await test.AssertMirrorIsCurrentAsync($"killed at moment {kill}");
        }
    }

    [Fact]
    public async Task CatchUp_StrangeMark_IsKeptAndCounted()
    {
        await _control.TryCreateAsync("unmirrored/x", Json("1"), default);

        Assert.Equal(1, await Process().CatchUpAsync(default));
    }

    [Fact]
    public async Task TwoWriters_EveryInterleaving_MirrorEndsCurrentAndNeverGoesBack()
    {
        var schedules = 0;
        for (var schedule = new Schedule(); ; schedules++)
        {
            var test = new MirroredDocumentStoreTests();
            await test._control.TryCreateAsync(Lock, Json("1"), default);
            await test._mirror.TryCreateAsync(Lock, Json("1"), default);
            var etag = (await test._control.ReadAsync(Lock, default))!.ETag;

            var won = await schedule.RunAsync(async turn => await test.Process(turn, turn).TryReplaceAsync(Lock, Json("2"), etag, default),
                async turn =>
                {
                    // Follows the other writer in the orders where it wrote first.
                    var store = test.Process(turn, turn);
                    var seen = (await store.ReadAsync(Lock, default))!;
                    var next = int.Parse(Encoding.UTF8.GetString(seen.Content.Span), provider: null) + 1;
                    return await store.TryReplaceAsync(Lock, Json($"{next}"), seen.ETag, default);
                });

            Assert.True(won.Any(one => one), $"schedule {schedules}: nobody won");
            await test.AssertMirrorIsCurrentAsync($"schedule {schedules}: {schedule}");
            Assert.Empty(await test._control.ListAsync(MirroredDocumentStore.MarkPrefix, default).ToListAsync());
            if (!schedule.TryNext())
            {
                break;
            }
        }

        Assert.True(schedules >= 1000, $"only {schedules} schedules");
    }

    [Fact]
    public async Task CatchUp_BesideAWriterThatDies_EveryInterleaving_LosesNothing()
    {
        var (kill, died) = (0, true);
        for (; died; kill++)
        {
            for (var schedule = new Schedule(); ;)
            {
                var test = new MirroredDocumentStoreTests();
                await test.Process().TryCreateAsync(Lock, Json("1"), default);
                var etag = (await test._control.ReadAsync(Lock, default))!.ETag;
                var killer = new Killer(kill);

                var ended = await schedule.RunAsync(
                    turn => WriteOrDieAsync(test.Process(OrDie(turn, killer), OrDie(turn, killer)), etag),
                    async turn => await test.Process(turn, turn).CatchUpAsync(default) >= 0);
                await test.Process().CatchUpAsync(default);

                died = !ended[0];
                await test.AssertMirrorIsCurrentAsync($"killed at moment {kill}, order {schedule}");
                if (!schedule.TryNext())
                {
                    break;
                }
            }
        }

        Assert.True(kill > 10, $"only {kill} moments to die at");

        static Func<Moment, Task> OrDie(Func<Moment, Task> turn, Killer killer) => async moment =>
        {
            await turn(moment);
            await killer.OnCall(moment);
        };

        static async Task<bool> WriteOrDieAsync(MirroredDocumentStore store, string etag)
        {
            try
            {
                await store.TryReplaceAsync(Lock, Json("2"), etag, default);
                return true;
            }
            catch (KilledException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task ThreeWriters_KilledAndFailingAtRandom_CatchUpMakesTheMirrorCurrent()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var test = new MirroredDocumentStoreTests();
            await test.Process().TryCreateAsync(Lock, Json("1"), default);
            var random = new Random(seed);
            var highest = 0;
            await new Schedule(random).RunAsync([.. Enumerable.Range(0, 3).Select(_ => (Func<Func<Moment, Task>, Task<bool>>)WriterAsync)]);

            for (var i = 0; i < 3; i++)
            {
                await test.Process().CatchUpAsync(default);
            }

            await test.AssertMirrorIsCurrentAsync($"seed {seed}");

            async Task<bool> WriterAsync(Func<Moment, Task> turn)
            {
                var store = test.Process(
                    async moment =>
                    {
                        await turn(moment);
                        if (random.Next(40) == 0)
                        {
                            throw new KilledException();
                        }
                    },
                    async moment =>
                    {
                        await turn(moment);
                        if (moment == Moment.After && await TextAsync(test._mirror, Lock) is { } text)
                        {
                            // What the mirror once had, it never loses.
                            var now = int.Parse(text, provider: null);
                            Assert.True(now >= highest, $"seed {seed}: the mirror went from {highest} back to {now}");
                            highest = now;
                        }

                        if (random.Next(10) == 0)
                        {
                            throw new DocumentStoreException("gone", isTransient: true);
                        }
                    });
                try
                {
                    for (var i = 0; i < 4; i++)
                    {
                        var seen = (await store.ReadAsync(Lock, default))!;
                        var next = int.Parse(Encoding.UTF8.GetString(seen.Content.Span), provider: null) + 1;
                        await store.TryReplaceAsync(Lock, Json($"{next}"), seen.ETag, default);
                        test._time.Advance(MirroredDocumentStore.MirrorPause);
                    }
                }
                catch (KilledException)
                {
                    return false;
                }

                return true;
            }
        }
    }

    private MirroredDocumentStore Process(Func<Moment, Task>? control = null, Func<Moment, Task>? mirror = null) => new(
        new InterceptedDocumentStore(_control, control ?? (_ => Task.CompletedTask)),
        new InterceptedDocumentStore(_mirror, mirror ?? (_ => Task.CompletedTask)),
        key => key.StartsWith("locks/", StringComparison.Ordinal),
        _time,
        NullLogger<MirroredDocumentStore>.Instance);

    /// <summary>Runs the operation in a process that dies at a moment; false when it ended before that.</summary>
    private async Task<bool> WriteAndDieAsync(string operation, string state, int kill)
    {
        if ((operation, state) != ("create", "new"))
        {
            await Process().TryCreateAsync(Lock, Json("1"), default);
        }

        var killer = new Killer(kill);
        try
        {
            await WriteAsync(Process(killer.OnCall, killer.OnCall), operation, state);
            return false;
        }
        catch (KilledException)
        {
            return true;
        }
    }

    private async Task WriteAsync(MirroredDocumentStore store, string operation, string state)
    {
        if (operation == "create")
        {
            await store.TryCreateAsync(Lock, Json("2"), default);
            return;
        }

        var etag = (await _control.ReadAsync(Lock, default))!.ETag;
        if (state == "stale")
        {
            await Process().TryReplaceAsync(Lock, Json("1b"), etag, default);
        }

        await store.TryReplaceAsync(Lock, Json("2"), etag, default);
    }

    private async Task AssertMirrorIsCurrentAsync(string when)
    {
        foreach (var key in await _control.ListAsync("locks/", default).ToListAsync())
        {
            var (here, there) = (await TextAsync(_control, key), await TextAsync(_mirror, key));
            Assert.True(here == there, $"{when}: control has '{here}' and the mirror '{there}' of {key}");
        }
    }

    /// <summary>A mark may stay only for a write that never reached control, and the next write removes it.</summary>
    private async Task AssertMarksWaitForAWriteAsync(int remaining)
    {
        Assert.Equal(remaining, await _control.ListAsync(MirroredDocumentStore.MarkPrefix, default).CountAsync());
        Assert.InRange(remaining, 0, 1);
        var store = Process();
        if (await store.ReadAsync(Lock, default) is { } current)
        {
            Assert.True(await store.TryReplaceAsync(Lock, Json("3"), current.ETag, default));
        }
        else
        {
            Assert.True(await store.TryCreateAsync(Lock, Json("3"), default));
        }

        Assert.Equal(0, await store.CatchUpAsync(default));
    }

    private static async Task<string?> TextAsync(MemoryDocumentStore store, string key) =>
        await store.ReadAsync(key, default) is { } document ? Encoding.UTF8.GetString(document.Content.Span) : null;
}
