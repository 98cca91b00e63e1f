using System.Collections.Concurrent;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup.Checks;

/// <summary>One check of a repository: the packs that are read first, then every snapshot, so that what is damaged is named by the files that need it.</summary>
internal sealed class CheckJob(OpenedRepository repository, RepositoryCheckOptions options, ProgressMeter meter)
{
    private const int ProblemsKept = 1000;
    private const string MakeIndexes = "Make the indexes anew; where a pack is gone, repair the repository from the other region's.";

    private readonly ConcurrentQueue<RepositoryProblem> problems = [];
    private readonly ConcurrentDictionary<(PackId, ChunkId), bool> badChunks = [];
    private readonly ConcurrentDictionary<PackId, bool> badPacks = [];
    private readonly HashSet<PackId> missing = [];
    private long problemCount;
    private long snapshots;
    private long packsRead;
    private long bytesRead;

    /// <summary>Checks. Damage is in the result; an exception means that it is not known.</summary>
    public async Task<RepositoryCheckResult> RunAsync(CancellationToken cancellationToken)
    {
        // What is visible now needs nothing that is indexed later.
        var ids = new List<string>();
        await foreach (var (id, _) in new SnapshotStore(repository).IdsAsync(cancellationToken))
        {
            ids.Add(id);
        }

        var index = await RepositoryIndex.OpenAsync(repository, cancellationToken);
        foreach (var damaged in index.Damaged)
        {
            Add(null, null, damaged.Error);
        }

        var named = index.Segments.SelectMany(segment => segment.Directory.Packs).DistinctBy(pack => pack.Id).ToList();
        await FindMissingAsync(named, cancellationToken);
        await ReadPacksAsync(index, named, cancellationToken);
        foreach (var id in ids)
        {
            await CheckAsync(id, index, cancellationToken);
        }

        return new RepositoryCheckResult(snapshots, named.Count - missing.Count, packsRead, bytesRead, problemCount, [.. problems]);
    }

    private static bool IsDamage(BackupException error) => error.Code is
        BackupErrors.DataDamaged or BackupErrors.DataMissing or BackupErrors.SnapshotDamaged or BackupErrors.SnapshotNotFound or BackupErrors.FormatTooNew;

    private async Task FindMissingAsync(List<IndexedPack> named, CancellationToken cancellationToken)
    {
        var there = new Dictionary<PackId, long>();
        await foreach (var item in repository.Objects.ListAsync(PackId.Prefix, cancellationToken))
        {
            if (PackId.OfKey(item.Key) is { } id)
            {
                there[id] = item.Length;
            }
        }

        foreach (var pack in named)
        {
            if (!there.TryGetValue(pack.Id, out var length))
            {
                badPacks[pack.Id] = true;
                missing.Add(pack.Id);
            }
            else if (length != pack.Length)
            {
                badPacks[pack.Id] = true;
                Add(null, null, SealedObjects.SealedObject.Damaged(
                    RepositoryContent.NameOf(repository.Objects, pack.Id.Key), $"it has {length} bytes; expected {pack.Length}"));
            }
        }
    }

    private async Task ReadPacksAsync(RepositoryIndex index, List<IndexedPack> named, CancellationToken cancellationToken)
    {
        var chosen = named.Where(pack => options.Reads(pack.Id) && !badPacks.ContainsKey(pack.Id)).ToList();
        meter.Expect(0, chosen.Sum(pack => (long)pack.Length));
        meter.TotalIsFinal();
        using var check = new PackCheck(repository, index);
        await Parallel.ForEachAsync(
            chosen,
            new ParallelOptions { MaxDegreeOfParallelism = PackCheck.PacksAtOnce, CancellationToken = cancellationToken },
            async (pack, token) =>
            {
                await check.ReadAsync(pack, damage => Bad(pack.Id, damage), token);
                Interlocked.Increment(ref packsRead);
                Interlocked.Add(ref bytesRead, pack.Length);
                meter.Done(0, pack.Length);
            });
    }

    private void Bad(PackId pack, PackDamage damage)
    {
        if (damage.Chunk is { } chunk)
        {
            badChunks[(pack, chunk)] = true;
        }
        else if (damage.IsLost)
        {
            badPacks[pack] = true;
        }

        Add(null, null, damage.Error);
    }

    private async Task CheckAsync(string snapshotId, RepositoryIndex index, CancellationToken cancellationToken)
    {
        snapshots++;
        try
        {
            var snapshot = await new SnapshotStore(repository).GetAsync(snapshotId, cancellationToken);
            using var fetch = new ChunkFetch(repository, index);
            var (entries, foundByPacks) = (0L, index.FoundByPacks);
            await foreach (var entry in new ManifestReader(fetch).EntriesAsync(snapshot.Manifest, snapshotId, cancellationToken))
            {
                entries += entry is { Skipped: null, Source.Kind: EntryKind.Folder } ? 0 : 1; // a snapshot counts files
                foreach (var chunk in entry.Chunks)
                {
                    if (await WrongAsync(chunk, index, cancellationToken) is { } error)
                    {
                        Add(snapshotId, entry.Source.Path, error);
                        break;
                    }
                }
            }

            if (index.FoundByPacks > foundByPacks)
            {
                Add(snapshotId, null, new BackupException(
                    BackupErrors.DataMissing,
                    $"no index of {repository.Objects.Description} has all pieces of the manifest of snapshot '{snapshotId}', though packs have them",
                    isTransient: false,
                    MakeIndexes));
            }

            var told = snapshot.Snapshot.Files + snapshot.Snapshot.Vanished + snapshot.Snapshot.Unread;
            if (entries != told)
            {
                throw new BackupException(
                    BackupErrors.SnapshotDamaged,
                    $"The snapshot '{snapshotId}' says that it has {told} files; its manifest has {entries}.",
                    isTransient: false,
                    "Restore another snapshot, and report this: the bytes are those that were written.");
            }
        }
        catch (BackupException error) when (IsDamage(error))
        {
            Add(snapshotId, null, error);
        }
    }

    private async ValueTask<BackupException?> WrongAsync(ManifestChunk chunk, RepositoryIndex index, CancellationToken cancellationToken)
    {
        List<PackId>? tried = null;
        while (await index.FindIndexedAsync(chunk.Id, cancellationToken, tried) is { } found)
        {
            if (found.Place.Length == chunk.Length && !badPacks.ContainsKey(found.Pack.Id) && !badChunks.ContainsKey((found.Pack.Id, chunk.Id)))
            {
                return null;
            }

            (tried ??= []).Add(found.Pack.Id);
        }

        // A pack that no snapshot misses may have been removed, and been named later by somebody who slept.
        foreach (var pack in tried?.Where(missing.Remove) ?? [])
        {
            Add(null, null, RepositoryContent.Missing(repository.Objects, pack.Key));
        }

        return tried is null
            ? new BackupException(
                BackupErrors.DataMissing,
                $"no index of {repository.Objects.Description} has its chunk {chunk.Id}",
                isTransient: false,
                MakeIndexes)
            : new BackupException(
                BackupErrors.DataDamaged,
                $"its chunk {chunk.Id} cannot be read from {RepositoryContent.NameOf(repository.Objects, tried[0].Key)}",
                isTransient: false,
                "Repair the repository from the other region's, or restore another snapshot.");
    }

    private void Add(string? snapshotId, string? path, BackupException error)
    {
        if (Interlocked.Increment(ref problemCount) <= ProblemsKept)
        {
            problems.Enqueue(new RepositoryProblem(snapshotId, path, error.Code, error.Message));
        }
    }
}
