using DrFunctions.Backup.Backups;
using DrFunctions.Backup.Chunking;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup.Repairs;

/// <summary>
/// Saves the chunks of packs that nobody has whole: from the sound part of a damaged pack, from other packs, from the copy, from the source. Then nothing names the lost packs any more, so that the next backup
/// stores again what it still finds; and the files that cannot be restored are named.
/// </summary>
/// <param name="repository">The repository.</param>
/// <param name="copy">The other region's; null for none.</param>
/// <param name="options">What may be used.</param>
/// <param name="log">Takes what is found.</param>
/// <param name="lost">The packs.</param>
/// <param name="mark">What prunes wait for; null in a dry run.</param>
/// <remarks>
/// Written in this order: indexes without the lost packs, packs of what was saved, indexes of those; only then the old indexes go, and the damaged packs aside. So what could be read can be read at every moment.
/// Memory: eight chunks beside a writer's, and what names the lost chunks and their files, some 100 bytes each.
/// </remarks>
internal sealed class ChunkRepair(OpenedRepository repository, OpenedRepository? copy, RepairOptions options, RepairLog log, IReadOnlySet<PackId> lost, RepairMark? mark)
{
    private const int ChunksAtOnce = 8;

    private readonly Dictionary<string, string> outdated = new(StringComparer.Ordinal);
    private readonly HashSet<ChunkId> wanted = [];
    private HashSet<PackId> unreadable = [];
    private HashSet<PackId> unreliable = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await FindOutdatedAsync(cancellationToken);
        var sound = repository.At(options.DryRun
            ? new HealedRepository(repository.Objects, copy?.Objects, log.Healable)
            : new HidingRepository(repository.Objects, outdated.Keys.ToHashSet(StringComparer.Ordinal)));
        var view = await WriterView.OpenAsync(sound, cancellationToken);
        (var index, unreadable, unreliable) = (view.Index, [.. lost, .. view.Absent], [.. lost, .. view.Unreliable]);
        if (!options.DryRun)
        {
            await using var writer = new ChunkWriter(sound, index, unreliable);
            await SaveAsync(sound, index, writer, cancellationToken);
        }

        await NameAffectedAsync(sound, index, cancellationToken);
        if (!options.DryRun)
        {
            await RetireAsync(cancellationToken);
        }
    }

    // The indexes that name a lost pack, and its chunks; each gets a successor without them.
    private async Task FindOutdatedAsync(CancellationToken cancellationToken)
    {
        if (lost.Count == 0)
        {
            return;
        }

        foreach (var item in await repository.Objects.ListAsync(RepositoryIndex.Prefix, cancellationToken).ToListAsync(cancellationToken))
        {
            IndexSegment segment;
            try
            {
                segment = await IndexSegment.OpenAsync(repository.Keys, new RepositoryContent(repository.Objects, item.Key, item.Length), cancellationToken);
            }
            catch (BackupException error) when (error.Code is BackupErrors.DataDamaged or BackupErrors.DataMissing or BackupErrors.FormatTooNew)
            {
                continue;
            }

            if (segment.Directory.Packs.Any(pack => lost.Contains(pack.Id)))
            {
                outdated[item.Key] = item.Version;
                await SucceedAsync(segment, cancellationToken);
            }
        }
    }

    private async Task SucceedAsync(IndexSegment segment, CancellationToken cancellationToken)
    {
        var packs = segment.Directory.Packs;
        var kept = packs.Where(pack => !lost.Contains(pack.Id)).ToList();
        var numbers = kept.Select((pack, number) => (pack.Id, number)).ToDictionary(item => item.Id, item => item.number);
        var entries = new List<IndexEntry>();
        for (var page = 0; page < segment.Directory.FirstOfPages.Count; page++)
        {
            foreach (var entry in await segment.ReadPageAsync(page, cancellationToken))
            {
                if (numbers.TryGetValue(packs[entry.Place.Pack].Id, out var number))
                {
                    entries.Add(entry with { Place = entry.Place with { Pack = number } });
                }
                else
                {
                    wanted.Add(entry.Id);
                }
            }
        }

        if (entries.Count > 0 && !options.DryRun)
        {
            var content = IndexBuilder.Write(repository.Keys, kept, entries.ToArray(), segment.Directory.Replaces);
            await repository.Objects.TryCreateAsync(RepositoryIndex.KeyOf(Chunks.Sha256Digest.Of(content.Span)), content, cancellationToken);
        }
    }

    private async Task SaveAsync(OpenedRepository sound, RepositoryIndex index, ChunkWriter writer, CancellationToken cancellationToken)
    {
        foreach (var id in wanted.ToList())
        {
            if (await index.FindIndexedAsync(id, cancellationToken, unreliable) is not null)
            {
                wanted.Remove(id);
                log.ChunksFromHere++;
            }
        }

        log.ChunksFromHere += await FetchAsync(repository, await RepositoryIndex.OpenAsync(repository, cancellationToken), writer, cancellationToken);
        var there = copy is null ? null : await RepositoryIndex.OpenAsync(copy, cancellationToken);
        log.ChunksFromCopy += await FetchAsync(copy, there, writer, cancellationToken);

        // The manifests can be read by now, if at all. They name what no index has.
        var files = await FindFilesAsync(sound, index, cancellationToken);
        log.ChunksFromCopy += await FetchAsync(copy, there, writer, cancellationToken);
        if (wanted.Count == 0)
        {
            return;
        }

        foreach (var path in files)
        {
            await ReadAgainAsync(path, writer, cancellationToken);
        }

        await writer.FlushAsync(cancellationToken);
        foreach (var id in wanted)
        {
            log.ChunksFromSource += await index.FindIndexedAsync(id, cancellationToken, unreliable) is null ? 0 : 1;
        }
    }

    /// <returns>How many were fetched; they are durable, and wanted no more.</returns>
    private async Task<long> FetchAsync(OpenedRepository? from, RepositoryIndex? index, ChunkWriter writer, CancellationToken cancellationToken)
    {
        if (from is null || index is null || wanted.Count == 0)
        {
            return 0;
        }

        using var fetch = new ChunkFetch(from, index);
        var fetched = 0L;
        foreach (var ids in wanted.ToList().Chunk(ChunksAtOnce))
        {
            var contents = new byte[ids.Length][];
            await fetch.ReadAsync(ids, (number, content) => contents[number] = content.ToArray(), (_, _) => { }, cancellationToken);
            for (var number = 0; number < ids.Length; number++)
            {
                if (contents[number] is { } content)
                {
                    await writer.AddAsync(ChunkKind.Data, content, cancellationToken);
                    wanted.Remove(ids[number]);
                    fetched++;
                }
            }
        }

        await writer.FlushAsync(cancellationToken);
        return fetched;
    }

    /// <summary>Adds the chunks that snapshots need and no index has to those that are wanted.</summary>
    /// <returns>The files that need them.</returns>
    private async Task<HashSet<string>> FindFilesAsync(OpenedRepository sound, RepositoryIndex index, CancellationToken cancellationToken)
    {
        var files = new HashSet<string>(StringComparer.Ordinal);
        await VisitAsync(
            sound,
            index,
            (_, path, missing) =>
            {
                wanted.UnionWith(missing);
                files.Add(path);
            },
            (_, _) => { },
            cancellationToken);
        return files;
    }

    // Whatever the file is now: chunks of it that are still the lost ones have their names.
    private async Task ReadAgainAsync(string path, ChunkWriter writer, CancellationToken cancellationToken)
    {
        if (options.Source is not { } source)
        {
            return;
        }

        try
        {
            if (await source.FindAsync(path, cancellationToken) is { Unsupported: null } entry)
            {
                using var reader = new FileChunks(
                    source, new ContentChunker(repository.Config.Chunking, repository.Keys.Cuts), writer, new ProgressMeter(null, TimeProvider.System));
                await reader.ReadAsync(entry, cancellationToken);
            }
        }
        catch (BackupException error) when (error.Code is BackupErrors.SourceChanged or BackupErrors.SourceVanished)
        {
            // It is not what it was a moment ago: the file is named as affected.
        }
    }

    private Task NameAffectedAsync(OpenedRepository sound, RepositoryIndex index, CancellationToken cancellationToken) => VisitAsync(
        sound,
        index,
        (snapshot, path, missing) => log.AddAffected(snapshot, path, $"its chunk {missing[0]} is in no pack that can be read{(missing.Count > 1 ? $", nor are {missing.Count - 1} more" : "")}"),
        (snapshot, error) => log.AddAffected(snapshot, null, error.Message),
        cancellationToken);

    private async Task VisitAsync(
        OpenedRepository sound,
        RepositoryIndex index,
        Action<string, string, List<ChunkId>> lacks,
        Action<string, BackupException> unread,
        CancellationToken cancellationToken)
    {
        var store = new SnapshotStore(sound);

        // By an index of its own: it may adopt a damaged pack, and a writer must not take that for sound.
        using var fetch = new ChunkFetch(sound, await RepositoryIndex.OpenAsync(sound, cancellationToken));
        foreach (var id in await store.IdsAsync(cancellationToken).Select(item => item.Id).Order(StringComparer.Ordinal).ToListAsync(cancellationToken))
        {
            try
            {
                if (await TryFindAsync(store, id, cancellationToken) is not { } snapshot)
                {
                    continue;
                }

                await foreach (var entry in new ManifestReader(fetch).EntriesAsync(snapshot.Manifest, id, cancellationToken))
                {
                    var missing = new List<ChunkId>();
                    foreach (var chunk in entry.Chunks)
                    {
                        if (await index.FindIndexedAsync(chunk.Id, cancellationToken, unreadable) is null)
                        {
                            missing.Add(chunk.Id);
                        }
                    }

                    if (missing.Count > 0)
                    {
                        lacks(id, entry.Source.Path, missing);
                    }
                }
            }
            catch (BackupException error) when (error.Code is BackupErrors.DataDamaged or BackupErrors.DataMissing or BackupErrors.SnapshotDamaged)
            {
                unread(id, error);
            }
        }
    }

    // Those that cannot be read were named before.
    private static async Task<SealedSnapshot?> TryFindAsync(SnapshotStore store, string id, CancellationToken cancellationToken)
    {
        try
        {
            return await store.FindAsync(id, cancellationToken);
        }
        catch (BackupException error) when (error.Code is BackupErrors.SnapshotDamaged or BackupErrors.DataDamaged or BackupErrors.FormatTooNew)
        {
            return null;
        }
    }

    private async Task RetireAsync(CancellationToken cancellationToken)
    {
        if (mark is not null && lost.Count > 0)
        {
            await mark.ThrowIfGoneAsync(cancellationToken);
        }

        foreach (var (key, version) in outdated)
        {
            await repository.Objects.DeleteAsync(key, version, cancellationToken);
        }

        foreach (var pack in lost)
        {
            await ObjectRepair.PutAsideAsync(repository.Objects, pack.Key, cancellationToken);
            log.Change(pack.Key, RepairOutcome.PutAside);
        }
    }
}
