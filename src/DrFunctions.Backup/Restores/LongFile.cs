using System.Buffers;
using DrFunctions.Backup.Manifests;
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
    private const int LeastLength = 4 * 1024 * 1024;
    private const int PartsAtOnce = 4;

    /// <summary>Writes all parts; what cannot be read fails the file.</summary>
    public static Task WriteAsync(RestoredFile file, IRestoreWriter writer, ChunkFetch fetch, ProgressMeter meter, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            Parts(file.Entry.Chunks),
            new ParallelOptions { MaxDegreeOfParallelism = PartsAtOnce, CancellationToken = cancellationToken },
            async (part, token) =>
            {
                var buffer = ArrayPool<byte>.Shared.Rent(part.Length);
                try
                {
                    await ReadAsync(part, buffer, file, fetch, token);
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

    private static IEnumerable<Part> Parts(IReadOnlyList<ManifestChunk> chunks)
    {
        var (part, start) = (new List<ManifestChunk>(), 0L);
        var length = 0;
        foreach (var chunk in chunks)
        {
            part.Add(chunk);
            length += chunk.Length;
            if (length >= LeastLength)
            {
                yield return new Part(part, start, length);
                (part, start, length) = ([], start + length, 0);
            }
        }

        if (length > 0)
        {
            yield return new Part(part, start, length);
        }
    }

    private static Task ReadAsync(Part part, byte[] buffer, RestoredFile file, ChunkFetch fetch, CancellationToken cancellationToken)
    {
        var (places, at) = (new List<(ManifestChunk Chunk, int At)>(part.Chunks.Count), 0);
        foreach (var chunk in part.Chunks)
        {
            places.Add((chunk, at));
            at += chunk.Length;
        }

        var byId = places.ToLookup(place => place.Chunk.Id);
        var ids = byId.Select(group => group.Key).ToList();
        return fetch.ReadAsync(
            ids,
            (number, content) =>
            {
                foreach (var (chunk, start) in byId[ids[number]])
                {
                    if (content.Length == chunk.Length)
                    {
                        content.CopyTo(buffer.AsSpan(start));
                    }
                    else
                    {
                        file.Fail(RestoredFile.OtherLength(chunk.Id, content.Length, chunk.Length));
                    }
                }
            },
            (_, error) => file.Fail(error),
            cancellationToken);
    }

    private sealed record Part(List<ManifestChunk> Chunks, long Start, int Length);
}
