using DrFunctions.Backup.Holds;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Shards;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup.Prunes;

/// <summary>
/// Removes what nothing inside its retention needs: snapshots by rules, then packs in steps, one for each run after a grace: condemned, doomed, gone. May be killed anywhere, and run beside writers,
/// readers and other prunes, however long any of them sleeps (docs/design.md 7.1 has the argument). Used once.
/// </summary>
/// <param name="repository">Where.</param>
/// <param name="options">What to do.</param>
/// <param name="time">Now, of a dry run; otherwise the storage's clock is.</param>
/// <param name="meter">Counts snapshots that were read, and packs that were removed.</param>
/// <remarks>Memory: <see cref="ChunkSet"/>, <see cref="NeededChunks"/>, <see cref="PackUse"/>, and what a <see cref="ChunkFetch"/> and a <see cref="ChunkWriter"/> need.</remarks>
internal sealed class PruneJob(OpenedRepository repository, PruneOptions options, TimeProvider time, ProgressMeter meter)
{
    private const int RefusalsNamed = 100;
    private const int ManifestBytesAtOnce = 16 * 1024 * 1024;
    private const int MovedAtOnce = 16 * 1024 * 1024;

    private readonly HashSet<PackId> removed = [];
    private readonly List<string> refused = [];
    private readonly List<string> blocked = [];
    private DateTimeOffset now;
    private Writers writers = new([], [], [], [], new HashSet<string>());
    private IReadOnlyList<StoredRound> rounds = [];
    private PruneResult result = new([]);

    /// <summary>Prunes.</summary>
    /// <exception cref="InvalidOperationException">The options contradict themselves.</exception>
    /// <exception cref="BackupException">The storage's: what was done until then is whole, and another run goes on.</exception>
    public async Task<PruneResult> RunAsync(CancellationToken cancellationToken)
    {
        if (options.Mistake is { } mistake)
        {
            throw new InvalidOperationException(mistake);
        }

        if (options.DryRun)
        {
            now = time.GetUtcNow();
            await RunAsync([], cancellationToken);
        }
        else
        {
            var mark = await PruneMark.WriteAsync(repository, options.WriterLife, cancellationToken);
            now = mark.Now;
            try
            {
                await RunAsync(mark.Others, cancellationToken);
                await CleanUpAsync(mark.Dead, cancellationToken);
            }
            finally
            {
                await mark.RemoveAsync(repository);
            }
        }

        return result with { Abandoned = writers.Abandoned, UnfinishedCopies = writers.UnfinishedCopies, Blocked = blocked, Refused = refused };
    }

    private async Task CleanUpAsync(IReadOnlyList<string> marks, CancellationToken cancellationToken)
    {
        // What was kept of backups in shards that nobody goes on with.
        var parts = new List<string>();
        await foreach (var item in repository.Objects.ListAsync(ShardStore.Prefix, cancellationToken))
        {
            var id = item.Key[ShardStore.Prefix.Length..].Split('/')[0];
            if (writers.Abandoned.Contains(id) || (item.WrittenAt + options.WriterLife <= now && !writers.Known.Contains(id)))
            {
                parts.Add(item.Key);
            }
        }

        foreach (var key in parts.Concat(writers.Leftovers).Concat(marks))
        {
            await TryAsync(key, () => repository.Objects.DeleteAsync(key, cancellationToken));
        }
    }

    // The order matters: what is condemned before who writes, who writes before what is visible, and all of it before which packs are there.
    private async Task RunAsync(IReadOnlyList<DateTimeOffset> otherPrunes, CancellationToken cancellationToken)
    {
        rounds = await StoredRound.ListAsync(repository, cancellationToken);
        writers = await Writers.ResolveAsync(repository, now, options.WriterLife, options.DryRun, cancellationToken);
        var snapshots = await SnapshotInventory.ReadAsync(repository, writers.Committed, now, cancellationToken);
        var decisions = snapshots.Decide(options, await new HoldStore(repository).ListAsync(cancellationToken), now);
        result = new PruneResult(decisions);
        var kept = await ForgetAsync(snapshots, cancellationToken);
        var index = await RepositoryIndex.OpenAsync(repository, cancellationToken);
        var indexes = await IndexUpkeep.OpenAsync(repository, index, now - options.Margin, cancellationToken);
        var needed = await NeedAsync(snapshots, kept, index, indexes.Current.Sum(segment => (long)segment.Directory.Chunks), cancellationToken);
        var use = await PackUse.MeasureAsync(repository, index, indexes, rounds, needed, cancellationToken);
        BlockWhatIsUnknown(needed);
        if (blocked.Count > 0)
        {
            return;
        }

        var young = writers.Began.Concat(otherPrunes).Append(now).Min() - options.Margin;
        use.Choose(young, options.MaxUnused);
        await use.LookAsync(cancellationToken);
        if (!options.DryRun)
        {
            await ChangeAsync(index, indexes, use, needed, young, cancellationToken);
        }

        var waiting = use.Packs.Where(pack => (pack.Fate != PackFate.Stays || pack.Stage != PackStage.Free) && Goes(pack) && !removed.Contains(pack.Id)).ToList();
        var waste = waiting.Sum(pack => pack.Fate == PackFate.Rewritten ? PackUse.WasteOf(pack) : pack.Length);
        result = result with { PacksWaiting = waiting.Count, BytesWaiting = waste, NextStepAt = NextStep(waiting), IndexesWritten = indexes.Written, IndexesRemoved = indexes.Removed };
    }

    private static bool Goes(KnownPack pack) => pack.Fate == PackFate.Rewritten || !pack.IsNeeded;

    // Each tombstone is a step further a grace after it was written; this run took those that were ripe, and condemned what was free.
    private DateTimeOffset? NextStep(List<KnownPack> waiting)
    {
        if (waiting.Count == 0)
        {
            return null;
        }

        var ids = waiting.Select(pack => pack.Id).ToHashSet();
        var taken = options.DryRun ? now : now + options.Grace;
        return rounds
            .Where(round => round.Round?.Packs.Any(ids.Contains) == true)
            .Select(round => IsOver(round.WrittenAt) ? taken : round.WrittenAt + options.Grace)
            .Concat(waiting.Where(pack => pack.Stage == PackStage.Free).Select(_ => taken))
            .Min();
    }

    private async Task<HashSet<string>> ForgetAsync(SnapshotInventory snapshots, CancellationToken cancellationToken)
    {
        var kept = result.Decisions.Where(decision => decision.IsKept).Select(decision => decision.Snapshot.Id).ToHashSet(StringComparer.Ordinal);
        var removed = 0;
        foreach (var decision in result.Decisions.Where(decision => !decision.IsKept))
        {
            if (options.DryRun || await TryAsync(SealedSnapshot.KeyOf(decision.Snapshot.Id), () => snapshots.RemoveAsync(repository, decision.Snapshot.Id, cancellationToken)))
            {
                removed++;
            }
            else
            {
                kept.Add(decision.Snapshot.Id);
            }
        }

        result = result with { SnapshotsRemoved = removed };
        foreach (var (id, error) in snapshots.Unreadable.Where(one => !options.GivenUp.Contains(one.Id)))
        {
            blocked.Add($"the snapshot '{id}' cannot be read, and any pack may be its: {error.Message}");
        }

        return kept;
    }

    private async Task<ChunkSet> NeedAsync(SnapshotInventory snapshots, HashSet<string> kept, RepositoryIndex index, long expected, CancellationToken cancellationToken)
    {
        var set = new ChunkSet(expected);
        using var fetch = new ChunkFetch(repository, index, ManifestBytesAtOnce);
        var chunks = new NeededChunks(fetch, set.Add);
        meter.Expect(kept.Count, 0);
        foreach (var (snapshot, _) in snapshots.Readable.Where(one => kept.Contains(one.Snapshot.Snapshot.Id)).OrderByDescending(one => one.WrittenAt))
        {
            try
            {
                await chunks.AddAsync(snapshot, cancellationToken);
            }
            catch (BackupException error) when (error.Code is BackupErrors.DataMissing or BackupErrors.DataDamaged or BackupErrors.SnapshotDamaged)
            {
                if (!options.GivenUp.Contains(snapshot.Snapshot.Id))
                {
                    blocked.Add($"the manifest of snapshot '{snapshot.Snapshot.Id}' cannot be read, and any pack may be its: {error.Message}");
                }
            }

            meter.Done(1, 0);
        }

        meter.TotalIsFinal();
        return set;
    }

    private void BlockWhatIsUnknown(ChunkSet needed)
    {
        if (needed.Found < needed.Count && options.GivenUp.Count == 0)
        {
            blocked.Add($"{needed.Count - needed.Found} chunk(s) that snapshots need are in no pack; 'check' names the files, and repair or remove the snapshots first");
        }

        foreach (var round in rounds.Where(round => round.Round is null))
        {
            blocked.Add($"'{round.Key}' cannot be read, and so what other prunes are about to remove is not known; delete it when no prune runs");
        }
    }

    private async Task ChangeAsync(
        RepositoryIndex index, IndexUpkeep indexes, PackUse use, ChunkSet needed, DateTimeOffset young, CancellationToken cancellationToken)
    {
        var there = use.Packs.ToDictionary(pack => pack.Id);
        var ripe = rounds.Where(round => round.Round is { IsDoomed: true } && IsOver(round.WrittenAt)).SelectMany(round => PackUse.CoveredBy(round, there)).Select(pack => pack.Id).ToHashSet();

        indexes.Revive(id => there.TryGetValue(id, out var pack) && pack.Stage != PackStage.Doomed);

        // What was doomed long enough goes now, when no index names it any more.
        await indexes.RemoveAsync(IsOver, id => !there.TryGetValue(id, out var pack) || (ripe.Contains(id) && !pack.IsNeeded), (key, version) => TryRemoveAsync(key, version, cancellationToken));
        var named = indexes.Named();
        foreach (var pack in use.Packs.Where(pack => ripe.Contains(pack.Id) && !pack.IsNeeded && pack.IsReadable && !named.Contains(pack.Id)))
        {
            if (await TryRemoveAsync(pack.Id.Key, pack.Version, cancellationToken))
            {
                removed.Add(pack.Id);
                result = result with { PacksRemoved = result.PacksRemoved + 1, BytesRemoved = result.BytesRemoved + pack.Length };
                meter.Done(0, pack.Length);
            }
        }

        await KeepAsync(index, use, needed, young, cancellationToken);
        await CondemnAsync(use, cancellationToken);
        var doomed = await DoomAsync(there, cancellationToken);
        await indexes.MergeAsync(id => !there.ContainsKey(id) || (doomed.Contains(id) && !there[id].IsNeeded), cancellationToken);
    }

    // Nobody reads any more what was as it was then, and no writer relies on it.
    private bool IsOver(DateTimeOffset since) => since <= now - options.Grace && writers.AllBeganAfter(since, options.Margin);

    // Writes chunks anew that are needed and whose packs are to go, and names packs that are needed and that no index names.
    private async Task KeepAsync(RepositoryIndex index, PackUse use, ChunkSet needed, DateTimeOffset young, CancellationToken cancellationToken)
    {
        var unnamed = use.Packs.Where(pack => pack is { Stage: PackStage.Free, Live: > 0, Unnamed: not null } && pack.WrittenAt < young).Select(pack => pack.Unnamed).OfType<AdoptedPack>().ToList();
        if (use.Moved.Count == 0 && unnamed.Count == 0)
        {
            return;
        }

        using var fetch = new ChunkFetch(repository, index);
        await using var writer = new ChunkWriter(repository, index, use.Unreliable);
        writer.Take(unnamed);
        BackupException? failed = null;
        foreach (var group in Groups(use.Moved))
        {
            var contents = new byte[]?[group.Count];
            await fetch.ReadAsync(
                group, (number, content) => contents[number] = content.ToArray(), (_, error) => Interlocked.CompareExchange(ref failed, error, null), cancellationToken);
            foreach (var (number, content) in contents.Index())
            {
                if (content is not null)
                {
                    await writer.AddAsync(needed.KindOf(group[number]) ?? ChunkKind.Data, content, cancellationToken);
                }
            }
        }

        await writer.FlushAsync(cancellationToken);
        if (failed is not null)
        {
            // Whose it is, a check says; until it is repaired, no pack is written anew.
            blocked.Add($"what is needed of a pack that is mostly waste cannot be read: {failed.Message}");
            use.Packs.Where(pack => pack.Fate == PackFate.Rewritten).ToList().ForEach(pack => pack.Fate = PackFate.Stays);
        }

        result = result with { BytesRewritten = writer.BytesWritten };
    }

    private static IEnumerable<List<ChunkId>> Groups(IReadOnlyDictionary<ChunkId, int> moved)
    {
        var (group, bytes) = (new List<ChunkId>(), 0L);
        foreach (var (id, length) in moved)
        {
            if (bytes + length > MovedAtOnce && group.Count > 0)
            {
                yield return group;
                (group, bytes) = ([], 0);
            }

            group.Add(id);
            bytes += length;
        }

        yield return group;
    }

    private async Task CondemnAsync(PackUse use, CancellationToken cancellationToken)
    {
        var chosen = use.Packs.Where(pack => pack.Fate != PackFate.Stays && Goes(pack)).Select(pack => pack.Id).ToList();
        if (chosen.Count > 0)
        {
            await CreateAsync(new TombstoneRound(IsDoomed: false, chosen, use.Filter), cancellationToken);
        }
    }

    // Takes what was condemned long enough a step further, and removes rounds that say nothing any more. Returns what is doomed.
    private async Task<HashSet<PackId>> DoomAsync(Dictionary<PackId, KnownPack> there, CancellationToken cancellationToken)
    {
        var doomed = new Dictionary<PackId, DateTimeOffset>();
        foreach (var round in rounds.Where(round => round.Round is { IsDoomed: true }))
        {
            foreach (var pack in PackUse.CoveredBy(round, there))
            {
                doomed[pack.Id] = round.WrittenAt;
            }
        }

        foreach (var stored in rounds.Where(round => IsOver(round.WrittenAt)))
        {
            var (round, left) = (stored.Round, PackUse.CoveredBy(stored, there).Select(pack => pack.Id).ToList());
            var next = round is { IsDoomed: false } ? left.Where(id => !doomed.ContainsKey(id) && !there[id].IsNeeded).ToList() : [];
            if (round is not null && next.Count > 0)
            {
                await CreateAsync(round with { IsDoomed = true, Packs = next }, cancellationToken);
                next.ForEach(id => doomed[id] = now);
            }
            else if (left.Count == 0 || (round is { IsDoomed: false } && left.TrueForAll(id => !doomed.TryGetValue(id, out var since) || since + options.Margin <= now)))
            {
                // Writers that began since see what is doomed; what is needed is taken back.
                await TryRemoveAsync(stored.Key, stored.Version, cancellationToken);
            }
        }

        return [.. doomed.Keys];
    }

    private async Task CreateAsync(TombstoneRound round, CancellationToken cancellationToken)
    {
        var (key, content) = round.Write(repository.Keys);
        await repository.Objects.TryCreateAsync(key, content, cancellationToken);
    }

    // As it was listed: whoever wrote it again since relies on it.
    private Task<bool> TryRemoveAsync(string key, string version, CancellationToken cancellationToken) =>
        TryAsync(key, () => repository.Objects.DeleteAsync(key, version, cancellationToken));

    // What the storage refuses to remove stays, is told, and is tried again by the next prune.
    private async Task<bool> TryAsync(string key, Func<Task<bool>> remove)
    {
        try
        {
            return await remove();
        }
        catch (BackupException error) when (error.Code == BackupErrors.StorageRefused)
        {
            if (refused.Count < RefusalsNamed)
            {
                refused.Add($"'{key}': {error.Message}");
            }

            return false;
        }
    }
}
