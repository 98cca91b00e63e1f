using System.Collections.Concurrent;
using DrFunctions.Backup.Compression;

namespace DrFunctions.Backup.Packs;

/// <summary>Compressors with a buffer each, as many as there are cores. Thread-safe.</summary>
/// <param name="count">How many at once.</param>
/// <param name="longest">Bytes of the longest chunk.</param>
internal sealed class CompressorPool(int count, int longest) : IDisposable
{
    private readonly SemaphoreSlim free = new(count);
    private readonly ConcurrentBag<(ChunkCompressor Compressor, byte[] Target)> idle = [];

    /// <summary>Compresses a chunk and hands it on; what is handed on is good until the task ends.</summary>
    /// <typeparam name="TState">What the work needs.</typeparam>
    public async Task CompressAsync<TState>(
        ReadOnlyMemory<byte> content, TState state, Func<TState, Codec, ReadOnlyMemory<byte>, CancellationToken, Task> use, CancellationToken cancellationToken)
    {
        await free.WaitAsync(cancellationToken);
        try
        {
            var one = idle.TryTake(out var kept) ? kept : (new ChunkCompressor(ChunkCompressor.Preferred), GC.AllocateUninitializedArray<byte>(longest));
            try
            {
                var (codec, length) = one.Item1.Compress(content.Span, one.Item2);
                await use(state, codec, codec == Codec.None ? content : one.Item2.AsMemory(0, length), cancellationToken);
            }
            finally
            {
                idle.Add(one);
            }
        }
        finally
        {
            free.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (compressor, _) in idle)
        {
            compressor.Dispose();
        }

        free.Dispose();
    }
}
