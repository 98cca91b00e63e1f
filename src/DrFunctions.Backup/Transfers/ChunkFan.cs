using System.Runtime.ExceptionServices;
using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Snapshots;

namespace DrFunctions.Backup.Transfers;

/// <summary>Works on the chunks of a file at once, as many as there are free buffers.</summary>
internal static class ChunkFan
{
    public delegate Task Work(int chunk, Memory<byte> buffer, SnapshotEntry entry, CancellationToken cancellationToken);

    /// <summary>Ends when everything it started has ended; throws the first failure.</summary>
    public static async Task RunAsync(SnapshotEntry entry, ChunkBuffers buffers, Work work, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task>();
        Exception? first = null;
        try
        {
            for (var chunk = 0; chunk < entry.Chunks.Count && Volatile.Read(ref first) is null; chunk++)
            {
                running.RemoveAll(task => task.IsCompleted);
                running.Add(WorkAsync(chunk, await buffers.RentAsync(cancellationToken)));
            }
        }
        finally
        {
            await Task.WhenAll(running);
        }

        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }

        async Task WorkAsync(int chunk, ChunkBuffers.Lease buffer)
        {
            using (buffer)
            {
                try
                {
                    await work(chunk, buffer.Memory[..entry.LengthOf(chunk)], entry, stop.Token);
                }
                catch (Exception error)
                {
                    // Kept and thrown when all have ended: nobody may use a buffer that was given back.
                    Interlocked.CompareExchange(ref first, error, null);
                    await stop.CancelAsync();
                }
            }
        }
    }
}
