using System.Collections.Concurrent;

namespace DrFunctions.Backup.Chunks;

/// <summary>A fixed number of chunk-sized buffers: what bounds the memory of an operation. Thread-safe.</summary>
/// <param name="count">How many.</param>
internal sealed class ChunkBuffers(int count) : IDisposable
{
    private readonly SemaphoreSlim free = new(count);
    private readonly ConcurrentBag<byte[]> idle = [];

    /// <summary>Waits for a buffer. Whoever holds one must be able to finish without another.</summary>
    public async Task<Lease> RentAsync(CancellationToken cancellationToken)
    {
        await free.WaitAsync(cancellationToken);
        return new Lease(this, idle.TryTake(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(ChunkStore.ChunkSize));
    }

    public void Dispose() => free.Dispose();

    /// <summary>A buffer, given back by Dispose, once.</summary>
    internal sealed class Lease(ChunkBuffers owner, byte[] buffer) : IDisposable
    {
        private byte[]? buffer = buffer;

        public Memory<byte> Memory => buffer ?? throw new ObjectDisposedException(nameof(Lease));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref buffer, null) is { } given)
            {
                owner.idle.Add(given);
                owner.free.Release();
            }
        }
    }
}
