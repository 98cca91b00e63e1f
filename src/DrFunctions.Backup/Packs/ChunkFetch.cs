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
/// <remarks>
/// Memory: of packs what it is told, or else <see cref="PackBytesAtOnce"/>, <see cref="ChunkBytesAtOnce"/> of chunks that are being taken, a chunk of the longest kind for each core (8 at most),
/// and about 120 bytes for each chunk that is asked for.
/// </remarks>
internal sealed class ChunkFetch : IDisposable
{
    private const int PackBytesAtOnce = 64 * 1024 * 1024;
    private const int ChunkBytesAtOnce = 32 * 1024 * 1024;
    private const int RunsAtOnce = 4;
    private const int RequestsAtOnce = 16;
    private const int MostCores = 8;

    // Reading so much for nothing costs less than another request: 10 ms of a stream of 50 MB/s.
    private const int WidestGap = 512 * 1024;

    private readonly OpenedRepository repository;
    private readonly RepositoryIndex index;
    private readonly BufferBudget packs;
    private readonly BufferBudget chunks;
    private readonly SemaphoreSlim cores = new(Math.Min(Environment.ProcessorCount, MostCores));
    private readonly ConcurrentBag<ChunkReader> idle = [];
    private long requests;
    private long bytesRead;

    /// <summary>A reader of chunks.</summary>
    /// <param name="repository">Where.</param>
    /// <param name="index">Where in packs.</param>
    /// <param name="packBytes">Bytes of packs that are in memory at once, and four times those that one request reads; at least those of the longest chunk are.</param>
    public ChunkFetch(OpenedRepository repository, RepositoryIndex index, int packBytes = PackBytesAtOnce)
    {
        (this.repository, this.index) = (repository, index);
        var longest = repository.Config.Chunking.Maximum;
        packs = Budget(packBytes, Math.Max(Math.Min(packBytes / RunsAtOnce, repository.Config.PackLength), longest + SealedFormat.TagLength));
        chunks = Budget(ChunkBytesAtOnce, longest);

        static BufferBudget Budget(int bytes, int block) => new(Math.Max(bytes, block), block);
    }

    /// <summary>Takes a chunk; several are taken at once. The content is good until the task ends.</summary>
    /// <param name="index">Its number among those that were asked for.</param>
    /// <param name="content">Its content.</param>
    public delegate ValueTask Taker(int index, ReadOnlyMemory<byte> content);

    /// <summary>Takes a chunk; several are taken at once. The content is good until the call ends.</summary>
    /// <param name="index">Its number among those that were asked for.</param>
    /// <param name="content">Its content.</param>
    public delegate void SpanTaker(int index, ReadOnlySpan<byte> content);

    /// <summary>Requests for pieces of packs.</summary>
    public long Requests => Interlocked.Read(ref requests);

    /// <summary>Bytes of packs that were read.</summary>
    public long BytesRead => Interlocked.Read(ref bytesRead);

    /// <inheritdoc cref="ReadAsync(IReadOnlyList{ChunkId}, Taker, Action{int, BackupException}, CancellationToken)"/>
    public Task ReadAsync(IReadOnlyList<ChunkId> ids, SpanTaker take, Action<int, BackupException> fail, CancellationToken cancellationToken) => ReadAsync(
        ids,
        (int index, ReadOnlyMemory<byte> content) =>
        {
            take(index, content.Span);
            return ValueTask.CompletedTask;
        },
        fail,
        cancellationToken);

    /// <summary>Reads chunks, in the order of the packs.</summary>
    /// <param name="ids">Which; each once.</param>
    /// <param name="take">Takes each that can be read.</param>
    /// <param name="fail">Takes what is said of each that cannot: <see cref="BackupErrors.DataMissing"/> or <see cref="BackupErrors.DataDamaged"/>.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="BackupException">The storage's.</exception>
    public async Task ReadAsync(IReadOnlyList<ChunkId> ids, Taker take, Action<int, BackupException> fail, CancellationToken cancellationToken)
    {
        var wanted = await LocateAllAsync(ids, fail, cancellationToken);
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
        foreach (var reader in idle)
        {
            reader.Dispose();
        }

        cores.Dispose();
    }

    private IEnumerable<List<Wanted>> Runs(List<Wanted> all)
    {
        var start = 0;
        for (var at = 1; at <= all.Count; at++)
        {
            if (at == all.Count
                || all[at].Location.Pack.Id != all[start].Location.Pack.Id
                || all[at].Location.Place.Offset - all[at - 1].End > WidestGap
                || all[at].End - all[start].Location.Place.Offset > packs.Block)
            {
                yield return all.GetRange(start, at - start);
                start = at;
            }
        }
    }

    // Of a large repository each is a page of an index: as many are asked for at once as packs are later.
    private async Task<List<Wanted>> LocateAllAsync(IReadOnlyList<ChunkId> ids, Action<int, BackupException> fail, CancellationToken cancellationToken)
    {
        var wanted = new List<Wanted>(ids.Count);
        var asked = new Queue<(int Number, Task<ChunkLocation?> Location)>(RequestsAtOnce);
        try
        {
            for (var number = 0; number < ids.Count; number++)
            {
                var location = LocateAsync(ids[number], cancellationToken);
                if (location.IsCompletedSuccessfully)
                {
                    Take(number, location.Result);
                    continue;
                }

                asked.Enqueue((number, location.AsTask()));
                if (asked.Count == RequestsAtOnce)
                {
                    await TakeNextAsync();
                }
            }

            while (asked.Count > 0)
            {
                await TakeNextAsync();
            }
        }
        catch
        {
            // The first failure is the one that is told.
            await Task.WhenAll(asked.Select(one => one.Location)).ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }

        return wanted;

        async Task TakeNextAsync()
        {
            var (number, location) = asked.Dequeue();
            Take(number, await location);
        }

        void Take(int number, ChunkLocation? location)
        {
            if (location is { } found)
            {
                wanted.Add(new Wanted(number, ids[number], found));
            }
            else
            {
                fail(number, Missing(ids[number]));
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
    private async Task<List<(Wanted Chunk, BackupException Error)>> ReadRunAsync(List<Wanted> run, Taker take, CancellationToken cancellationToken)
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
        using var stored = await packs.RentAsync(good[^1].End - start, cancellationToken);
        try
        {
            Interlocked.Increment(ref requests);
            await content.ReadAsync(start, stored.Memory, cancellationToken);
            Interlocked.Add(ref bytesRead, stored.Memory.Length);
        }
        catch (BackupException error) when (error.Code is BackupErrors.DataMissing or BackupErrors.DataDamaged)
        {
            failed.AddRange(good.Select(chunk => (chunk, error)));
            return failed;
        }

        var taking = new List<Task>();
        try
        {
            await DecodeAsync(good, stored.Memory, take, taking, failed, content.Name, cancellationToken);
        }
        finally
        {
            await Task.WhenAll(taking);
        }

        return failed;
    }

    private async Task DecodeAsync(
        List<Wanted> run,
        ReadOnlyMemory<byte> stored,
        Taker take,
        List<Task> taking,
        List<(Wanted, BackupException)> failed,
        string name,
        CancellationToken cancellationToken)
    {
        var start = run[0].Location.Place.Offset;
        await cores.WaitAsync(cancellationToken);
        var reader = idle.TryTake(out var kept) ? kept : new ChunkReader(repository.Keys);
        try
        {
            using var cipher = SealedFormat.CipherOf(repository.Keys, run[0].Location.Pack.Header.Span);
            foreach (var chunk in run)
            {
                var place = chunk.Location.Place;
                var content = await chunks.RentAsync(place.Length, cancellationToken);
                try
                {
                    var entry = new PackEntry(chunk.Id, place.Codec, place.StoredLength, place.Length);
                    reader.Read(cipher, place.Record, entry, stored.Span[(place.Offset - start)..(chunk.End - start)], content.Memory.Span, name);
                }
                catch (BackupException error) when (error.Code is BackupErrors.DataDamaged)
                {
                    content.Dispose();
                    failed.Add((chunk, error));
                    continue;
                }

                var taken = TakeAsync(take, chunk.Number, content);
                if (!taken.IsCompletedSuccessfully)
                {
                    taking.Add(taken.AsTask());
                }
            }
        }
        finally
        {
            idle.Add(reader);
            cores.Release();
        }
    }

    private static async ValueTask TakeAsync(Taker take, int number, BufferLease content)
    {
        using (content)
        {
            await take(number, content.Memory);
        }
    }

    private async Task<bool> ReadElsewhereAsync(Wanted chunk, Taker take, CancellationToken cancellationToken)
    {
        await index.AdoptAsync(cancellationToken);
        var tried = new List<PackId> { chunk.Location.Pack.Id };
        while (await index.FindAsync(chunk.Id, cancellationToken, tried) is { } other)
        {
            var again = new List<Wanted> { chunk with { Location = other } };
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
