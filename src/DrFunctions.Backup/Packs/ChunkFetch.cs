using System.Collections.Concurrent;
using DrFunctions.Backup.Buffers;
using DrFunctions.Backup.Compression;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Packs;

/// <summary>
/// Reads chunks, many at once: those that lie close to each other in a pack by one request. What is handed on is authenticated. A chunk that cannot be read where an
/// index says is looked for in other packs, also in those that no index names. Thread-safe.
/// </summary>
/// <remarks>Memory: <see cref="BytesAtOnce"/> of packs, and two chunks of the longest kind for each core (8 at most).</remarks>
internal sealed class ChunkFetch : IDisposable
{
    private const int BytesAtOnce = 32 * 1024 * 1024;
    private const int LongestRun = 8 * 1024 * 1024;
    private const int RequestsAtOnce = 16;
    private const int MostCores = 8;

    // Reading so much for nothing costs less than another request.
    private const int WidestGap = 128 * 1024;

    private readonly OpenedRepository repository;
    private readonly RepositoryIndex index;
    private readonly BufferBudget buffers;
    private readonly SemaphoreSlim cores = new(Math.Min(Environment.ProcessorCount, MostCores));
    private readonly ConcurrentBag<(ChunkReader Reader, byte[] Content)> idle = [];
    private long requests;
    private long bytesRead;

    /// <summary>A reader of chunks.</summary>
    public ChunkFetch(OpenedRepository repository, RepositoryIndex index)
    {
        (this.repository, this.index) = (repository, index);
        var block = Math.Max(LongestRun, repository.Config.Chunking.Maximum + SealedFormat.TagLength);
        buffers = new BufferBudget(Math.Max(BytesAtOnce, block), block);
    }

    /// <summary>Takes a chunk; several are taken at once. The content is good until the call ends.</summary>
    /// <param name="index">Its number among those that were asked for.</param>
    /// <param name="content">Its content.</param>
    public delegate void Taker(int index, ReadOnlySpan<byte> content);

    /// <summary>Requests for pieces of packs.</summary>
    public long Requests => Interlocked.Read(ref requests);

    /// <summary>Bytes of packs that were read.</summary>
    public long BytesRead => Interlocked.Read(ref bytesRead);

    /// <summary>Reads chunks.</summary>
    /// <param name="ids">Which; each once.</param>
    /// <param name="take">Takes each that can be read.</param>
    /// <param name="fail">Takes what is said of each that cannot: <see cref="BackupErrors.DataMissing"/> or <see cref="BackupErrors.DataDamaged"/>.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="BackupException">The storage's.</exception>
    public async Task ReadAsync(IReadOnlyList<ChunkId> ids, Taker take, Action<int, BackupException> fail, CancellationToken cancellationToken)
    {
        var wanted = new List<Wanted>(ids.Count);
        for (var number = 0; number < ids.Count; number++)
        {
            if (await LocateAsync(ids[number], cancellationToken) is { } location)
            {
                wanted.Add(new Wanted(number, ids[number], location));
            }
            else
            {
                fail(number, Missing(ids[number]));
            }
        }

        wanted.Sort();
        await Parallel.ForEachAsync(
            Runs(wanted),
            new ParallelOptions { MaxDegreeOfParallelism = RequestsAtOnce, CancellationToken = cancellationToken },
            async (run, token) =>
            {
                foreach (var (chunk, error) in await ReadRunAsync(run, take, token))
                {
                    if (!await ReadElsewhereAsync(chunk, take, token))
                    {
                        fail(chunk.Number, error);
                    }
                }
            });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (reader, _) in idle)
        {
            reader.Dispose();
        }

        cores.Dispose();
    }

    private static IEnumerable<ArraySegment<Wanted>> Runs(List<Wanted> wanted)
    {
        var all = wanted.ToArray();
        var start = 0;
        for (var at = 1; at <= all.Length; at++)
        {
            if (at == all.Length
                || all[at].Location.Pack.Id != all[start].Location.Pack.Id
                || all[at].Location.Place.Offset - all[at - 1].End > WidestGap
                || all[at].End - all[start].Location.Place.Offset > LongestRun)
            {
                yield return new ArraySegment<Wanted>(all, start, at - start);
                start = at;
            }
        }
    }

    private async ValueTask<ChunkLocation?> LocateAsync(ChunkId id, CancellationToken cancellationToken)
    {
        if (await index.FindAsync(id, cancellationToken) is { } location)
        {
            return location;
        }

        await index.AdoptAsync(cancellationToken);
        return await index.FindAsync(id, cancellationToken);
    }

    private BackupException Missing(ChunkId id) => new(
        BackupErrors.DataMissing,
        $"the chunk {id} is in no pack of {repository.Objects.Description}",
        isTransient: false,
        "Repair the repository from the other region's, or restore another snapshot; 'check' lists what is affected.");

    // The chunks that cannot be read from this run, and why.
    private async Task<List<(Wanted Chunk, BackupException Error)>> ReadRunAsync(ArraySegment<Wanted> run, Taker take, CancellationToken cancellationToken)
    {
        var failed = new List<(Wanted, BackupException)>();
        var pack = run[0].Location.Pack;
        var content = new RepositoryContent(repository.Objects, pack.Id.Key, pack.Length);
        var good = new List<Wanted>(run.Count);
        foreach (var chunk in run)
        {
            if (WrongPlace(chunk.Location) is { } wrong)
            {
                failed.Add((chunk, SealedObject.Damaged(content.Name, wrong)));
            }
            else
            {
                good.Add(chunk);
            }
        }

        if (good.Count == 0)
        {
            return failed;
        }

        var start = good[0].Location.Place.Offset;
        using var buffer = await buffers.RentAsync(good[^1].End - start, cancellationToken);
        try
        {
            Interlocked.Increment(ref requests);
            await content.ReadAsync(start, buffer.Memory, cancellationToken);
            Interlocked.Add(ref bytesRead, buffer.Memory.Length);
        }
        catch (BackupException error) when (error.Code is BackupErrors.DataMissing or BackupErrors.DataDamaged)
        {
            failed.AddRange(good.Select(chunk => (chunk, error)));
            return failed;
        }

        await cores.WaitAsync(cancellationToken);
        try
        {
            var slot = idle.TryTake(out var kept) ? kept : (new ChunkReader(repository.Keys), GC.AllocateUninitializedArray<byte>(repository.Config.Chunking.Maximum));
            Decode(good, start, buffer.Memory.Span, slot, take, failed, content.Name);
            idle.Add(slot);
        }
        finally
        {
            cores.Release();
        }

        return failed;
    }

    private void Decode(
        List<Wanted> chunks,
        int start,
        ReadOnlySpan<byte> stored,
        (ChunkReader Reader, byte[] Content) slot,
        Taker take,
        List<(Wanted, BackupException)> failed,
        string name)
    {
        using var cipher = SealedFormat.CipherOf(repository.Keys, chunks[0].Location.Pack.Header.Span);
        foreach (var chunk in chunks)
        {
            var place = chunk.Location.Place;
            var target = slot.Content.AsSpan(0, place.Length);
            try
            {
                var entry = new PackEntry(chunk.Id, place.Codec, place.StoredLength, place.Length);
                slot.Reader.Read(cipher, place.Record, entry, stored[(place.Offset - start)..(chunk.End - start)], target, name);
            }
            catch (BackupException error) when (error.Code is BackupErrors.DataDamaged)
            {
                failed.Add((chunk, error));
                continue;
            }

            take(chunk.Number, target);
        }
    }

    private async Task<bool> ReadElsewhereAsync(Wanted chunk, Taker take, CancellationToken cancellationToken)
    {
        await index.AdoptAsync(cancellationToken);
        var tried = new List<PackId> { chunk.Location.Pack.Id };
        while (await index.FindAsync(chunk.Id, cancellationToken, tried) is { } other)
        {
            var again = new[] { chunk with { Location = other } };
            if ((await ReadRunAsync(again, take, cancellationToken)).Count == 0)
            {
                return true;
            }

            tried.Add(other.Pack.Id);
        }

        return false;
    }

    // An index has a valid tag, so that only a program that was wrong wrote this; the numbers become lengths all the same.
    private string? WrongPlace(ChunkLocation location)
    {
        var place = location.Place;
        return place.Offset < SealedFormat.HeaderLength || place.StoredLength < 1 || place.Length < place.StoredLength || place.Record < 0
            || place.Length > repository.Config.Chunking.Maximum || (long)place.Offset + place.StoredLength + SealedFormat.TagLength > location.Pack.Length
            || place.Codec > Codec.Brotli
                ? $"an index says that its chunk {place.Record} has {place.StoredLength} bytes of {place.Length}, at byte {place.Offset} of {location.Pack.Length}"
                : null;
    }

    private readonly record struct Wanted(int Number, ChunkId Id, ChunkLocation Location) : IComparable<Wanted>
    {
        public int End => Location.Place.Offset + Location.Place.StoredLength + SealedFormat.TagLength;

        public int CompareTo(Wanted other)
        {
            var (mine, others) = (Location.Pack.Id.Digest, other.Location.Pack.Id.Digest);
            return mine.A != others.A ? mine.A.CompareTo(others.A)
                : mine.B != others.B ? mine.B.CompareTo(others.B)
                : mine.C != others.C ? mine.C.CompareTo(others.C)
                : mine.D != others.D ? mine.D.CompareTo(others.D)
                : Location.Place.Offset.CompareTo(other.Location.Place.Offset);
        }
    }
}
