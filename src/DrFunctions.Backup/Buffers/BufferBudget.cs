using System.Buffers;
using System.Collections.Concurrent;
using System.Numerics;

namespace DrFunctions.Backup.Buffers;

/// <summary>Buffers of any length, and a number of bytes for all of them together: what bounds the memory of an operation. In the order they are asked for. Thread-safe.</summary>
/// <param name="bytes">Bytes of all buffers together.</param>
/// <param name="block">Bytes of the longest one; those of that length are kept for the next.</param>
internal sealed class BufferBudget(long bytes, int block)
{
    // Longer ones take a whole block, so that no more than the blocks is ever kept.
    private const int LongestShort = 256 * 1024;

    private readonly Lock sync = new();
    private readonly Queue<(int Cost, TaskCompletionSource Turn)> waiting = [];
    private readonly ConcurrentBag<byte[]> blocks = [];
    private long free = bytes;

    /// <summary>Bytes of the longest buffer.</summary>
    public int Block => block;

    /// <summary>Waits for a buffer. Whoever holds one and waits for another must leave room for the others' last ones.</summary>
    /// <param name="length">Its bytes, 1 to <see cref="Block"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<BufferLease> RentAsync(int length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, block);
        var cost = CostOf(length);
        TaskCompletionSource? turn = null;
        lock (sync)
        {
            if (waiting.Count == 0 && cost <= free)
            {
                free -= cost;
            }
            else
            {
                turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                waiting.Enqueue((cost, turn));
            }
        }

        if (turn is not null)
        {
            await using var given = cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken));
            await turn.Task;
        }

        return new BufferLease(this, Take(length), length);
    }

    internal void Return(byte[] buffer, int length)
    {
        if (CostOf(length) == block)
        {
            blocks.Add(buffer);
        }
        else
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        lock (sync)
        {
            free += CostOf(length);
            while (waiting.TryPeek(out var first) && (first.Cost <= free || first.Turn.Task.IsCompleted))
            {
                waiting.Dequeue();
                if (first.Turn.TrySetResult())
                {
                    free -= first.Cost;
                }
            }
        }
    }

    private int CostOf(int length) => length <= Math.Min(LongestShort, block / 2) ? (int)BitOperations.RoundUpToPowerOf2((uint)length) : block;

    private byte[] Take(int length)
    {
        if (CostOf(length) < block)
        {
            return ArrayPool<byte>.Shared.Rent(length);
        }

        return blocks.TryTake(out var kept) ? kept : GC.AllocateUninitializedArray<byte>(block);
    }
}
