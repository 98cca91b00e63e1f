using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Snapshots;

namespace DrFunctions.Backup.Copies;

/// <summary>
/// Finds the packs of an origin that a copy lacks of what snapshots need, chunk by chunk: the copy was pruned by itself, so that its packs are not the origin's any more. Costs what an incremental backup of
/// the snapshots does: their manifests are read, and what they have in common with a snapshot that the copy shows is believed to be there unless a filter says that it may not be. Used once.
/// </summary>
/// <param name="from">The origin.</param>
/// <param name="view">What of the copy can be relied on.</param>
/// <param name="unreliable">Packs of the copy on which nothing may rely.</param>
/// <remarks>Memory: <see cref="ChunkSet"/> and <see cref="NeededChunks"/> twice, 32 bytes for each of <see cref="MostOpen"/> chunks, and indexes of both.</remarks>
internal sealed class MissingPacks(OpenedRepository from, WriterView view, IReadOnlyCollection<PackId> unreliable)
{
    private const int MostOpen = 1024 * 1024;
    private const int LookedForAtOnce = 8;

    private readonly ChunkSet shown = new();
    private readonly ChunkSet seen = new();
    private readonly Dictionary<PackId, long> found = [];
    private readonly Lock sync = new();
    private readonly List<ChunkId> open = [];

    /// <summary>The packs, and their lengths. What the origin does not have either is not among them.</summary>
    /// <param name="snapshots">Snapshots that the copy will show.</param>
    /// <param name="bases">Snapshots like them that it shows.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BackupException">A manifest cannot be read, so that nobody knows what its snapshot needs; or the storage's.</exception>
    public async Task<IReadOnlyDictionary<PackId, long>> FindAsync(
        IReadOnlyList<SealedSnapshot> snapshots, IReadOnlyList<SealedSnapshot> bases, CancellationToken cancellationToken)
    {
        var index = await RepositoryIndex.OpenAsync(from, cancellationToken);
        var absent = index.Segments.SelectMany(segment => segment.Directory.Packs).Select(pack => pack.Id).ToHashSet();
        await foreach (var item in from.Objects.ListAsync(PackId.Prefix, cancellationToken))
        {
            if (PackId.OfKey(item.Key) is { } id)
            {
                absent.Remove(id);
            }
        }

        using var fetch = new ChunkFetch(from, index);
        var known = new NeededChunks(fetch, shown.Add);
        foreach (var snapshot in bases)
        {
            try
            {
                await known.AddAsync(snapshot, cancellationToken);
            }
            catch (BackupException error) when (error.Code is BackupErrors.DataMissing or BackupErrors.DataDamaged or BackupErrors.SnapshotDamaged)
            {
                continue; // It saves looking, and nothing else.
            }
        }

        var needed = new NeededChunks(fetch, Need);
        foreach (var snapshot in snapshots)
        {
            await needed.AddAsync(snapshot, cancellationToken);
            if (open.Count > MostOpen)
            {
                await LookAsync(index, absent, cancellationToken);
            }
        }

        await LookAsync(index, absent, cancellationToken);
        return found;
    }

    private void Need(ChunkId id, ChunkKind kind)
    {
        if (seen.KindOf(id) is null)
        {
            seen.Add(id, kind);
            if (shown.KindOf(id) is null || !view.Has(id))
            {
                open.Add(id);
            }
        }
    }

    // In the order of the indexes, so that a page is read once.
    private async Task LookAsync(RepositoryIndex index, HashSet<PackId> absent, CancellationToken cancellationToken)
    {
        open.Sort();
        await Parallel.ForEachAsync(
            open,
            new ParallelOptions { MaxDegreeOfParallelism = LookedForAtOnce, CancellationToken = cancellationToken },
            async (id, token) =>
            {
                if (await view.Index.FindIndexedAsync(id, token, unreliable) is not null)
                {
                    return;
                }

                var place = await index.FindAsync(id, token, absent);
                if (place is null)
                {
                    await index.AdoptAsync(token);
                    place = await index.FindAsync(id, token, absent);
                }

                if (place is { Pack: var pack })
                {
                    lock (sync)
                    {
                        found[pack.Id] = pack.Length;
                    }
                }
            });
        open.Clear();
    }
}
