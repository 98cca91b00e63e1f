using System.Collections.Concurrent;
using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Indexes;

/// <summary>
/// Where the chunks of a repository are: by all its indexes and, where they do not say, by the directories of the packs that none of them names. Of large
/// indexes only the filters and the pages that are asked for are in memory. Thread-safe.
/// </summary>
internal sealed class RepositoryIndex
{
    /// <summary>The prefix of indexes' keys.</summary>
    public const string Prefix = "indexes/";

    // One request reads such an index; a longer one is read by pages.
    private const int LongestWhole = 4 * 1024 * 1024;
    private const long MostWhole = 16 * 1024 * 1024;
    private const long CacheLength = 16 * 1024 * 1024;
    private const int Parallelism = 8;

    // A segment behind so many comes to the front when it has a chunk: what is looked for together was mostly written together.
    private const int Front = 4;

    private readonly OpenedRepository repository;
    private readonly PageCache cache = new(CacheLength);
    private readonly ConcurrentQueue<DamagedIndex> damaged = [];
    private readonly ConcurrentDictionary<ChunkId, ChunkLocation> adopted = [];
    private readonly Lock sync = new();
    private volatile IndexSegment[] segments = []; // Those that had something last come first; replaced as a whole.
    private long whole;
    private long foundByPacks;
    private Task<IReadOnlyList<AdoptedPack>>? adoption;

    private RepositoryIndex(OpenedRepository repository) => this.repository = repository;

    /// <summary>Indexes that are there and cannot be read.</summary>
    public IReadOnlyCollection<DamagedIndex> Damaged => damaged;

    /// <summary>How often a chunk was found that no index has, but a pack that was adopted.</summary>
    public long FoundByPacks => Interlocked.Read(ref foundByPacks);

    /// <summary>The indexes that can be read.</summary>
    public IReadOnlyCollection<IndexSegment> Segments => segments;

    /// <summary>The key of an index with these bytes.</summary>
    public static string KeyOf(Sha256Digest digest) => Prefix + digest;

    /// <summary>Opens all indexes of a repository. Those that cannot be read are passed over, and in <see cref="Damaged"/>.</summary>
    /// <exception cref="BackupException">The storage's.</exception>
    public static async Task<RepositoryIndex> OpenAsync(OpenedRepository repository, CancellationToken cancellationToken)
    {
        var index = new RepositoryIndex(repository);
        await Parallel.ForEachAsync(
            repository.Objects.ListAsync(Prefix, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (item, token) => await index.OpenAsync(item, token));
        return index;
    }

    /// <summary>False when no index has the chunk, and none of the packs that were adopted. Reads nothing.</summary>
    public bool MayHave(ChunkId id)
    {
        foreach (var segment in segments)
        {
            if (segment.MayHave(id))
            {
                return true;
            }
        }

        return adopted.ContainsKey(id);
    }

    /// <summary>Where a chunk is; null when neither an index nor an adopted pack has it.</summary>
    /// <param name="id">The chunk.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <param name="except">Packs that are not to be answered, because they were tried.</param>
    public async ValueTask<ChunkLocation?> FindAsync(ChunkId id, CancellationToken cancellationToken, IReadOnlyCollection<PackId>? except = null)
    {
        if (await FindIndexedAsync(id, cancellationToken, except) is { } indexed)
        {
            return indexed;
        }

        if (!adopted.TryGetValue(id, out var found) || except?.Contains(found.Pack.Id) == true)
        {
            return null;
        }

        Interlocked.Increment(ref foundByPacks);
        return found;
    }

    /// <summary>Where a chunk is by the indexes alone; null when none has it.</summary>
    /// <param name="id">The chunk.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <param name="except">Packs that are not to be answered, because they were tried.</param>
    public async ValueTask<ChunkLocation?> FindIndexedAsync(ChunkId id, CancellationToken cancellationToken, IReadOnlyCollection<PackId>? except = null)
    {
        var all = segments;
        for (var place = 0; place < all.Length; place++)
        {
            if (await all[place].FindAsync(id, cancellationToken) is { } found)
            {
                var location = new ChunkLocation(all[place].Directory.Packs[found.Pack], found);
                if (except?.Contains(location.Pack.Id) != true)
                {
                    if (place >= Front)
                    {
                        BringForward(all[place]);
                    }

                    return location;
                }
            }
        }

        return null;
    }

    /// <summary>Writes an index of these packs, and finds their chunks from now on.</summary>
    /// <param name="batch">Packs that are durable; at least one chunk.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Bytes written.</returns>
    public async Task<long> WriteAsync(IndexBatch batch, CancellationToken cancellationToken)
    {
        var content = IndexBuilder.Write(repository.Keys, batch.Packs, batch.Entries.ToArray(), []);
        var key = KeyOf(Sha256Digest.Of(content.Span));

        // The name holds a random salt: where it is taken, it is by this very write, whose answer was lost.
        await repository.Objects.TryCreateAsync(key, content, cancellationToken);
        await OpenAsync(key, content.Length, content, cancellationToken);
        foreach (var entry in batch.Entries)
        {
            adopted.TryRemove(entry.Id, out _);
        }

        return content.Length;
    }

    /// <summary>
    /// Finds, from now on, the chunks of packs that no index names: by their directories. Later calls do nothing more.
    /// </summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The packs, so that they can be indexed.</returns>
    public Task<IReadOnlyList<AdoptedPack>> AdoptAsync(CancellationToken cancellationToken)
    {
        lock (sync)
        {
            return adoption is null or { IsFaulted: true } or { IsCanceled: true } ? adoption = AdoptOnceAsync(cancellationToken) : adoption;
        }
    }

    /// <summary>The keys of the packs that the indexes name.</summary>
    public IReadOnlySet<string> NamedPacks() =>
        segments.SelectMany(segment => segment.Directory.Packs).Select(pack => pack.Id.Key).ToHashSet(StringComparer.Ordinal);

    private async Task<IReadOnlyList<AdoptedPack>> AdoptOnceAsync(CancellationToken cancellationToken)
    {
        var packs = new List<AdoptedPack>();
        await UnindexedPacks.ReadAsync(
            repository,
            NamedPacks(),
            (pack, chunks) =>
            {
                packs.Add(new AdoptedPack(pack, chunks));
                var batch = new IndexBatch();
                batch.Add(pack, chunks);
                foreach (var entry in batch.Entries)
                {
                    adopted.TryAdd(entry.Id, new ChunkLocation(pack, entry.Place));
                }

                return Task.CompletedTask;
            },
            _ => { }, // Nobody can rely on such a pack, so that what it had is written again; 'check' names it.
            cancellationToken);
        return packs;
    }

    private async Task OpenAsync(RepositoryObject item, CancellationToken cancellationToken)
    {
        try
        {
            ReadOnlyMemory<byte> content = default;
            if (item.Length <= LongestWhole && Interlocked.Read(ref whole) + item.Length <= MostWhole)
            {
                content = await RepositoryContent.ReadWholeAsync(repository.Objects, item.Key, LongestWhole, cancellationToken)
                    ?? throw RepositoryContent.Missing(repository.Objects, item.Key);
            }

            await OpenAsync(item.Key, item.Length, content, cancellationToken);
        }
        catch (BackupException error) when (error.Code is BackupErrors.DataDamaged or BackupErrors.FormatTooNew)
        {
            damaged.Enqueue(new DamagedIndex(item.Key, error));
        }
        catch (BackupException error) when (error.Code is BackupErrors.DataMissing)
        {
            // It went since it was listed: somebody made the indexes anew, and what it said is in another one or in the packs.
            return;
        }
    }

    private async Task OpenAsync(string key, long length, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var keep = !content.IsEmpty && content.Length <= LongestWhole && Interlocked.Add(ref whole, content.Length) <= MostWhole;
        IObjectContent from = keep
            ? new MemoryContent(RepositoryContent.NameOf(repository.Objects, key), content)
            : new RepositoryContent(repository.Objects, key, length);
        var segment = await IndexSegment.OpenAsync(repository.Keys, from, cancellationToken, cache, key);
        lock (sync)
        {
            segments = [segment, .. segments];
        }
    }

    private void BringForward(IndexSegment segment)
    {
        lock (sync)
        {
            var place = Array.IndexOf(segments, segment);
            if (place >= Front)
            {
                segments = [segment, .. segments.AsSpan(0, place), .. segments.AsSpan(place + 1)];
            }
        }
    }
}
