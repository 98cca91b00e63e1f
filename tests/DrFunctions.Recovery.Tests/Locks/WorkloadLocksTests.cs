using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Locks;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Locks;

public sealed class WorkloadLocksTests
{
    [Fact]
    public async Task Take_TwiceForOneRun_IsTheSameLock()
    {
        var scene = new RecoveryScene();

        var first = await scene.Locks.TakeAsync(scene.Request(), default);
        var again = await scene.Locks.TakeAsync(scene.Request(), default);

        Assert.Equal(first, again);
        Assert.Equal((1, LockState.Held, scene.Request()), (first.Epoch, first.State, first.Run));
    }

    [Fact]
    public async Task Take_WhileAnotherHoldsIt_GivesThatOne()
    {
        var scene = new RecoveryScene();
        var held = await scene.Locks.TakeAsync(scene.Request(), default);

        Assert.Equal(held, await scene.Locks.TakeAsync(scene.Request("shop-run-2"), default));
        Assert.Equal(held, await scene.Locks.ReadAsync("shop", default));
    }

    [Fact]
    public async Task Take_AfterTheRelease_HasTheNextEpoch()
    {
        var scene = new RecoveryScene();
        await scene.Locks.TakeAsync(scene.Request(), default);
        await scene.Locks.ReleaseAsync("shop", "shop-run-1", note: null, default);

        var next = await scene.Locks.TakeAsync(scene.Request("shop-run-2"), default);

        Assert.Equal((2, LockState.Held, "shop-run-2", null), (next.Epoch, next.State, next.Run.RunId, next.ReleasedAt));
    }

    [Fact]
    public async Task Take_ARunThatWasReleased_DoesNotGetItAgain()
    {
        var scene = new RecoveryScene();
        await scene.Locks.TakeAsync(scene.Request(), default);
        await scene.Locks.ReleaseAsync("shop", "shop-run-1", note: null, default);

        var again = await scene.Locks.TakeAsync(scene.Request(), default);

        Assert.Equal((1, LockState.Released), (again.Epoch, again.State));
    }

    [Fact]
    public async Task Release_ByAnotherRun_DoesNothing()
    {
        var scene = new RecoveryScene();
        await scene.Locks.ReleaseAsync("shop", "shop-run-1", note: null, default);
        Assert.Null(await scene.Locks.ReadAsync("shop", default));
        var held = await scene.Locks.TakeAsync(scene.Request(), default);

        await scene.Locks.ReleaseAsync("shop", "shop-run-2", note: null, default);

        Assert.Equal(held, await scene.Locks.ReadAsync("shop", default));
    }

    [Fact]
    public async Task Release_Twice_KeepsTheFirstTime()
    {
        var scene = new RecoveryScene();
        await scene.Locks.TakeAsync(scene.Request(), default);
        await scene.Locks.ReleaseAsync("shop", "shop-run-1", note: null, default);
        var released = await scene.Locks.ReadAsync("shop", default);

        await scene.Locks.ReleaseAsync("shop", "shop-run-1", note: null, default);

        Assert.NotNull(released!.ReleasedAt);
        Assert.Equal(released, await scene.Locks.ReadAsync("shop", default));
    }

    [Fact]
    public async Task Require_WithoutIt_SaysWhoHadItLast()
    {
        var scene = new RecoveryScene();
        var nobody = await Assert.ThrowsAsync<RecoveryException>(() => scene.Locks.RequireAsync("shop", "shop-run-2", default));
        await scene.Locks.TakeAsync(scene.Request(), default);
        var other = await Assert.ThrowsAsync<RecoveryException>(() => scene.Locks.RequireAsync("shop", "shop-run-2", default));
        Assert.Equal(1, (await scene.Locks.RequireAsync("shop", "shop-run-1", default)).Epoch);
        await scene.Locks.ReleaseAsync("shop", "shop-run-1", note: null, default);
        var released = await Assert.ThrowsAsync<RecoveryException>(() => scene.Locks.RequireAsync("shop", "shop-run-1", default));

        Assert.Equal("The run 'shop-run-2' no longer holds the lock of 'shop'; nobody does.", nobody.Message);
        Assert.Equal("The run 'shop-run-2' no longer holds the lock of 'shop'; 'shop-run-1' (epoch 1) is the last that did.", other.Message);
        Assert.All([nobody, other, released], exception => Assert.Equal(("EpochSuperseded", false), (exception.Code, exception.IsTransient)));
    }

    [Fact]
    public async Task Take_ManyAtOnceOnManyThreads_HasOneHolderAtATimeAndGrowingEpochs()
    {
        var documents = new MemoryDocumentStore();
        var locks = new WorkloadLocks(documents, new MovableClock());
        var scene = new RecoveryScene();
        var holders = 0;
        var epochs = new List<long>();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(n => Task.Run(async () =>
        {
            var request = scene.Request($"shop-run-{n}");
            while ((await locks.TakeAsync(request, default)).Run.RunId != request.RunId)
            {
                await Task.Yield();
            }

            Assert.Equal(1, Interlocked.Increment(ref holders));
            lock (epochs)
            {
                epochs.Add(locks.RequireAsync("shop", request.RunId, default).Result.Epoch);
            }

            Assert.Equal(0, Interlocked.Decrement(ref holders));
            await locks.ReleaseAsync("shop", request.RunId, note: null, default);
        })));

        Assert.Equal(Enumerable.Range(1, 40).Select(n => (long)n), epochs);
    }

    [Theory]
    [InlineData(Moment.Before)]
    [InlineData(Moment.After)]
    public async Task TakeAndRelease_KilledAtAnyCallAndRepeated_AreDoneOnce(Moment when)
    {
        var fault = -1;
        for (var isOver = false; !isOver;)
        {
            fault++;
            var scene = new RecoveryScene();
            var calls = 0;
            scene.Interception.Around = (call, moment) => moment == when && calls++ == fault ? throw new KilledException(call) : Task.CompletedTask;
            try
            {
                await TakeAndReleaseAsync(scene);
                isOver = true;
            }
            catch (KilledException)
            {
                await TakeAndReleaseAsync(scene);
            }

            scene.Interception.Around = (_, _) => Task.CompletedTask;
            var held = await scene.Locks.ReadAsync("shop", default);
            Assert.Equal((1, LockState.Released, "shop-run-1"), (held!.Epoch, held.State, held.Run.RunId));
        }

        Assert.Equal(4, fault);
    }

    private static async Task TakeAndReleaseAsync(RecoveryScene scene)
    {
        await scene.Locks.TakeAsync(scene.Request(), default);
        await scene.Locks.ReleaseAsync("shop", "shop-run-1", note: null, default);
    }
}
