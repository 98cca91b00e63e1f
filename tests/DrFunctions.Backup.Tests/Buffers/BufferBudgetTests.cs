using DrFunctions.Backup.Buffers;

namespace DrFunctions.Backup.Tests.Buffers;

public sealed class BufferBudgetTests
{
    private const int Block = 1024 * 1024;

    [Fact]
    public async Task RentAsync_AsManyBytesAsThereAre_DoesNotWait()
    {
        var budget = new BufferBudget(4 * Block, Block);

        var leases = Enumerable.Range(0, 4).Select(_ => budget.RentAsync(Block, default).AsTask()).ToList();

        Assert.All(leases, lease => Assert.True(lease.IsCompletedSuccessfully));
        Assert.False(budget.RentAsync(1, default).AsTask().IsCompleted);
        Assert.Equal(Block, (await leases[0]).Memory.Length);
    }

    [Fact]
    public async Task Dispose_OthersWait_FirstComesFirst()
    {
        var budget = new BufferBudget(Block, Block);
        var held = await budget.RentAsync(Block, default);
        var large = budget.RentAsync(Block, default).AsTask();
        var small = budget.RentAsync(100, default).AsTask();

        held.Dispose();

        using (var lease = await large)
        {
            Assert.False(small.IsCompleted);
        }

        Assert.Equal(100, (await small).Memory.Length);
    }

    [Fact]
    public async Task Dispose_Shared_IsGivenBackByTheLastHolder()
    {
        var budget = new BufferBudget(Block, Block);
        var held = await budget.RentAsync(Block, default);
        var shared = held.Share();
        var next = budget.RentAsync(Block, default).AsTask();

        held.Dispose();
        Assert.False(next.IsCompleted);
        shared.Dispose();

        await next;
    }

    [Fact]
    public async Task RentAsync_CancelledWhileWaiting_TakesNothing()
    {
        var budget = new BufferBudget(Block, Block);
        var held = await budget.RentAsync(Block, default);
        using var stop = new CancellationTokenSource();
        var waiting = budget.RentAsync(Block, stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        held.Dispose();
        Assert.True(budget.RentAsync(Block, default).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task RentAsync_ThousandsAtOnce_NeverExceedsTheBudget()
    {
        var budget = new BufferBudget(8 * Block, Block);
        var (inUse, most) = (0L, 0L);
        await Parallel.ForEachAsync(Enumerable.Range(0, 5000), async (number, token) =>
        {
            var length = (number % 3) switch { 0 => Block, 1 => 64 * 1024, _ => 700_000 };
            using var lease = await budget.RentAsync(length, token);
            var now = Interlocked.Add(ref inUse, length);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Add(ref inUse, -length);
        });

        Assert.InRange(most, Block, 8 * Block);
        Assert.True(budget.RentAsync(Block, default).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task RentAsync_LongerThanABlock_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await new BufferBudget(Block, Block).RentAsync(Block + 1, default));

    private static void InterlockedMax(ref long target, long value)
    {
        for (var seen = Interlocked.Read(ref target); value > seen; seen = Interlocked.Read(ref target))
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
