using System.Buffers;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Targets;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup.Restores;

/// <summary>
/// Restores a file that has more chunks than its target takes parts (<see cref="IRestoreTarget.MostParts"/>): chunks that follow one another are put together to parts of
/// 4 MiB at least.
/// </summary>
/// <remarks>Memory: four parts of at most 4 MiB and a chunk of the longest kind.</remarks>
internal static class LongFile
{
    private const int PartsAtOnce = 4;

    /// <summary>Writes all parts; what cannot be read fails the file.</summary>
    public static Task WriteAsync(RestoredFile file, IRestoreWriter writer, ChunkFetch fetch, ProgressMeter meter, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            FilePart.Of(file.Entry.Chunks),
            new ParallelOptions { MaxDegreeOfParallelism = PartsAtOnce, CancellationToken = cancellationToken },
            async (part, token) =>
            {
                var buffer = ArrayPool<byte>.Shared.Rent(part.Length);
                try
                {
                    await part.ReadAsync(buffer, fetch, file.Fail, token);
                    if (file.Failure is null)
                    {
                        await writer.WriteAsync(part.Start, buffer.AsMemory(0, part.Length), token);
                        meter.Done(0, part.Length);
                    }
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            });
}
