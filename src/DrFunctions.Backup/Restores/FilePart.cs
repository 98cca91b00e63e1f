using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;

namespace DrFunctions.Backup.Restores;

/// <summary>Chunks that follow one another in a file, and are read together.</summary>
/// <param name="Chunks">The chunks.</param>
/// <param name="Start">Where they begin in the file's content, bytes.</param>
/// <param name="Length">Bytes of all of them.</param>
internal sealed record FilePart(IReadOnlyList<ManifestChunk> Chunks, long Start, int Length)
{
    private const int LeastLength = 4 * 1024 * 1024;

    /// <summary>The parts of a file, in order: of 4 MiB at least, but for the last one, and at most a chunk of the longest kind more.</summary>
    public static IEnumerable<FilePart> Of(IReadOnlyList<ManifestChunk> chunks)
    {
        var (part, start) = (new List<ManifestChunk>(), 0L);
        var length = 0;
        foreach (var chunk in chunks)
        {
            part.Add(chunk);
            length += chunk.Length;
            if (length >= LeastLength)
            {
                yield return new FilePart(part, start, length);
                (part, start, length) = ([], start + length, 0);
            }
        }

        if (length > 0)
        {
            yield return new FilePart(part, start, length);
        }
    }

    /// <summary>Reads the part; every byte is authenticated before it is in the buffer.</summary>
    /// <param name="buffer">Takes it; as long as the part at least.</param>
    /// <param name="fetch">Reads chunks.</param>
    /// <param name="fail">Takes what is said of chunks that cannot be read; then the buffer has holes.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task ReadAsync(byte[] buffer, ChunkFetch fetch, Action<BackupException> fail, CancellationToken cancellationToken)
    {
        var (places, at) = (new List<(ManifestChunk Chunk, int At)>(Chunks.Count), 0);
        foreach (var chunk in Chunks)
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
                        fail(RestoredFile.OtherLength(chunk.Id, content.Length, chunk.Length));
                    }
                }
            },
            (_, error) => fail(error),
            cancellationToken);
    }
}
