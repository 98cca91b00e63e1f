using System.Collections.Concurrent;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup.Copies;

/// <summary>
/// Makes a repository in another place hold all that this one shows: what opens the one opens the other, and either restores alone. May be killed and run again at any time, beside writers and prunes of
/// both: what is there and can be relied on is not sent again, and what the copy's own retention removed is not brought back.
/// </summary>
/// <param name="from">The origin.</param>
/// <param name="to">The other place: nothing, or an earlier copy.</param>
/// <param name="meter">Counts snapshots, and bytes of packs.</param>
/// <param name="options">How; default <see cref="CopyOptions"/>'s defaults.</param>
/// <remarks>
/// Into a repository that was never pruned all packs of the origin are copied; into another one those that the snapshots need that will be shown (<see cref="MissingPacks"/>). What is relied on is what any writer may
/// rely on (<see cref="WriterView"/>), and each pack that is copied gets into an index of the copy's own. Memory: <see cref="PackTransfer"/>, some 100 bytes for each pack in either place, and 15 MB of chunks
/// that no index names yet.
/// </remarks>
internal sealed class CopyJob(OpenedRepository from, IRepository to, ProgressMeter meter, CopyOptions? options = null)
{
    private const int ComparedAtOnce = 8;

    private readonly CopyOptions options = options ?? new CopyOptions();
    private readonly OpenedRepository target = from.At(to);
    private readonly Dictionary<PackId, long> there = [];
    private readonly HashSet<PackId> copied = [];
    private readonly Lock sync = new();
    private IndexBatch batch = new();
    private long indexes;
    private long indexBytes;
    private long removedThere;

    /// <summary>Copies.</summary>
    /// <exception cref="BackupException">
    /// <see cref="BackupErrors.RepositoryExists"/>: another repository is there; <see cref="BackupErrors.SnapshotConflict"/>; or something of the
    /// origin is damaged: then no snapshot is shown that was not there before.
    /// </exception>
    public async Task<RepositoryCopy> RunAsync(CancellationToken cancellationToken)
    {
        var snapshots = await SnapshotsAsync(from.Objects, cancellationToken);
        var packs = new Dictionary<PackId, long>();
        await foreach (var item in from.Objects.ListAsync(PackId.Prefix, cancellationToken))
        {
            if (PackId.OfKey(item.Key) is { } id)
            {
                packs[id] = item.Length;
            }
        }

        var differingSlots = await new ConfigCopy(from, to).RunAsync(cancellationToken);
        var visible = await SnapshotsAsync(to, cancellationToken);
        var newKeys = snapshots.Where(one => one.Value != AbandonedSnapshot.Length && !visible.ContainsKey(one.Key)).Select(one => one.Key).ToList();
        var bases = await CompareAsync(snapshots.Where(one => one.Value != AbandonedSnapshot.Length && visible.ContainsKey(one.Key)).Select(one => one.Key), visible, cancellationToken);
        meter.Expect(newKeys.Count, 0);

        // Who shows nothing relies on nothing.
        var dead = await CopyMark.ListAsync(to, cancellationToken);
        var mark = newKeys.Count + dead.Count > 0 ? await CopyMark.BeginAsync(target, newKeys.Select(IdOf), cancellationToken) : null;
        var transfer = default(PackTransfer);
        try
        {
            transfer = await FillAsync(packs, newKeys, bases, cancellationToken);
        }
        catch
        {
            await (mark?.GiveUpAsync() ?? Task.CompletedTask);
            throw;
        }

        var shown = visible.Count(one => one.Value != AbandonedSnapshot.Length && snapshots.ContainsKey(one.Key));
        foreach (var key in newKeys)
        {
            shown += await ShowAsync(key, cancellationToken) ? 1 : 0;
            meter.Done(1, 0);
        }

        if (mark is not null)
        {
            await SettleAsync(mark, newKeys, cancellationToken);
            await mark.EndAsync(cancellationToken);
        }

        return new RepositoryCopy(
            shown, copied.Count + indexes, packs.Count(pack => there.GetValueOrDefault(pack.Key) == pack.Value && !copied.Contains(pack.Key)), (transfer?.Bytes ?? 0) + indexBytes)
        {
            ServerSide = transfer?.ServerSide ?? 0,
            ReadBack = transfer?.ReadBack ?? 0,
            WhySent = transfer?.Refusal,
            RemovedThere = removedThere,
            DifferingSlots = differingSlots,
        };
    }

    private static string IdOf(string key) => key[SealedSnapshot.Prefix.Length..];

    private static async Task<Dictionary<string, long>> SnapshotsAsync(IRepository objects, CancellationToken cancellationToken) =>
        await objects.ListAsync(SealedSnapshot.Prefix, cancellationToken)
            .Where(item => SnapshotId.IsValid(IdOf(item.Key)))
            .ToDictionaryAsync(item => item.Key, item => item.Length, StringComparer.Ordinal, cancellationToken);

    // Of each policy's snapshots that are in both places, the newest.
    private async Task<IReadOnlyList<SealedSnapshot>> CompareAsync(IEnumerable<string> keys, Dictionary<string, long> visible, CancellationToken cancellationToken)
    {
        var newest = new ConcurrentDictionary<(string Workload, string Policy, string Source), SealedSnapshot>();
        await Parallel.ForEachAsync(
            keys,
            new ParallelOptions { MaxDegreeOfParallelism = ComparedAtOnce, CancellationToken = cancellationToken },
            async (key, token) =>
            {
                if (visible[key] == AbandonedSnapshot.Length)
                {
                    Interlocked.Increment(ref removedThere);
                }
                else if (await FindAsync(key, token) is { } found && await IsThereAsync(key, found.Content, token))
                {
                    var one = found.Snapshot;
                    newest.AddOrUpdate(
                        (one.Snapshot.Workload, one.Snapshot.Policy, one.Snapshot.Source), one, (_, other) => other.Snapshot.CompletedAt > one.Snapshot.CompletedAt ? other : one);
                }
            });
        return [.. newest.Values];
    }

    // Sees to it that all is there that the snapshots need.
    private async Task<PackTransfer?> FillAsync(
        Dictionary<PackId, long> packs, List<string> newKeys, IReadOnlyList<SealedSnapshot> bases, CancellationToken cancellationToken)
    {
        if (newKeys.Count == 0)
        {
            await foreach (var item in to.ListAsync(PackId.Prefix, cancellationToken))
            {
                Note(PackId.OfKey(item.Key), item);
            }

            if (packs.All(pack => there.GetValueOrDefault(pack.Key) == pack.Value))
            {
                return null;
            }
        }

        var view = await WriterView.OpenAsync(target, cancellationToken, (id, item) => Note(id, item));
        var named = view.Index.Segments.SelectMany(segment => segment.Directory.Packs).Select(pack => pack.Id).ToHashSet();
        var harmed = packs.Where(pack => there.TryGetValue(pack.Key, out var length) ? length != pack.Value : named.Contains(pack.Key)).ToDictionary();
        var transfer = new PackTransfer(from, target, options, view.IsNamedByATombstone);
        IEnumerable<KeyValuePair<PackId, long>> wanted;
        if (await RepositoryContent.ReadWholeAsync(to, PruneMark.Ever, RepositoryKey.MaximumObjectLength, cancellationToken) is null)
        {
            wanted = packs.Where(pack => !named.Contains(pack.Key) || view.Unreliable.Contains(pack.Key) || harmed.ContainsKey(pack.Key));
        }
        else
        {
            wanted = harmed.UnionBy(await LackingAsync(packs, newKeys, bases, view, harmed, cancellationToken), pack => pack.Key);
        }

        if (await CopyAsync(transfer, view, wanted.ToList(), cancellationToken))
        {
            // Some went from the origin since it was listed: whether the snapshots need any of their chunks, these say.
            var lacking = await LackingAsync(packs: null, newKeys, bases, view, harmed, cancellationToken);
            if (await CopyAsync(transfer, view, [.. lacking], cancellationToken))
            {
                throw RepositoryContent.Missing(from.Objects, lacking.First(pack => !copied.Contains(pack.Key)).Key.Key);
            }
        }

        return transfer;
    }

    private void Note(PackId? id, RepositoryObject item)
    {
        if (id is { } pack)
        {
            there[pack] = item.Length;
        }
    }

    // What nobody can say of all packs, where a manifest of the origin cannot be read.
    private async Task<IEnumerable<KeyValuePair<PackId, long>>> LackingAsync(
        Dictionary<PackId, long>? packs, List<string> newKeys, IReadOnlyList<SealedSnapshot> bases, WriterView view, Dictionary<PackId, long> harmed, CancellationToken cancellationToken)
    {
        if (newKeys.Count == 0)
        {
            return [];
        }

        var unreliable = view.Unreliable.Concat(harmed.Keys).Where(id => !copied.Contains(id)).ToHashSet();
        try
        {
            var snapshots = new List<SealedSnapshot>();
            foreach (var key in newKeys)
            {
                if (await FindAsync(key, cancellationToken) is { } found)
                {
                    snapshots.Add(found.Snapshot);
                }
            }

            return await new MissingPacks(from, view, unreliable).FindAsync(snapshots, bases, cancellationToken);
        }
        catch (BackupException error) when (packs is not null && error.Code is BackupErrors.DataMissing or BackupErrors.DataDamaged or BackupErrors.SnapshotDamaged)
        {
            return packs ?? [];
        }
    }

    /// <returns>Whether one was gone from the origin.</returns>
    private async Task<bool> CopyAsync(PackTransfer transfer, WriterView view, List<KeyValuePair<PackId, long>> wanted, CancellationToken cancellationToken)
    {
        var isGone = false;
        meter.Expect(0, wanted.Sum(pack => pack.Value));
        meter.TotalIsFinal();
        await Parallel.ForEachAsync(
            wanted,
            new ParallelOptions { MaxDegreeOfParallelism = transfer.AtOnce, CancellationToken = cancellationToken },
            async (pack, token) =>
            {
                var (id, length) = pack;
                var isThere = there.TryGetValue(id, out var found);
                var reused = isThere && found == length && !view.Unreliable.Contains(id) ? await transfer.FindAsync(id, length, token) : null;
                try
                {
                    await NameAsync(view, reused ?? await transfer.CopyAsync(id, length, replace: isThere, token), isNew: reused is null, token);
                }
                catch (BackupException error) when (error.Code == BackupErrors.DataMissing)
                {
                    Volatile.Write(ref isGone, true);
                }

                meter.Done(0, length);
            });
        await NameAsync(view, null, isNew: false, cancellationToken);
        return isGone;
    }

    // Writes an index now and then, and at the end.
    private async Task NameAsync(WriterView view, AdoptedPack? pack, bool isNew, CancellationToken cancellationToken)
    {
        IndexBatch? full = null;
        lock (sync)
        {
            if (pack is not null)
            {
                batch.Add(pack.Pack, pack.Chunks);
                if (isNew)
                {
                    copied.Add(pack.Pack.Id);
                }
            }

            if (pack is null ? batch.Packs.Count > 0 : batch.IsFull)
            {
                (full, batch) = (batch, new IndexBatch());
            }
        }

        if (full is { Entries.Count: > 0 })
        {
            Interlocked.Add(ref indexBytes, await view.Index.WriteAsync(full, cancellationToken));
            Interlocked.Increment(ref indexes);
        }
    }

    /// <summary>A snapshot of the origin, its bytes right; null where it is gone.</summary>
    private async Task<(SealedSnapshot Snapshot, byte[] Content)?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var content = await RepositoryContent.ReadWholeAsync(from.Objects, key, SealedSnapshot.LongestObject, cancellationToken);
        return content is null || await AbandonedSnapshot.IsAsync(from.Keys, content, cancellationToken)
            ? null
            : (await SealedSnapshot.ReadAsync(from.Keys, content, IdOf(key), RepositoryContent.NameOf(from.Objects, key), cancellationToken), content);
    }

    private async Task<bool> ShowAsync(string key, CancellationToken cancellationToken) =>
        await FindAsync(key, cancellationToken) is { } found
        && (await to.TryCreateAsync(key, found.Content, cancellationToken) || await IsThereAsync(key, found.Content, cancellationToken));

    // False where the copy's retention removed it.
    private async Task<bool> IsThereAsync(string key, byte[] content, CancellationToken cancellationToken)
    {
        if (await RepositoryContent.ReadWholeAsync(to, key, SealedSnapshot.LongestObject, cancellationToken) is not { } found)
        {
            return false;
        }

        if (await AbandonedSnapshot.IsAsync(target.Keys, found, cancellationToken))
        {
            Interlocked.Increment(ref removedThere);
            return false;
        }

        return found.AsSpan().SequenceEqual(content) ? true : throw new BackupException(
            BackupErrors.SnapshotConflict,
            $"The snapshot '{IdOf(key)}' in {to.Description} is not the one in {from.Objects.Description}.",
            isTransient: false,
            "Check which of the two is damaged or foreign, and delete it there before the copy is run again.");
    }

    // Copies that were killed long ago, and were to show what the origin does not have any more: however long they sleep, they will not.
    private async Task SettleAsync(CopyMark own, List<string> newKeys, CancellationToken cancellationToken)
    {
        var marks = await CopyMark.ListAsync(to, cancellationToken);
        if (!marks.Any(mark => mark.Key == own.Key) || marks.Count == 1)
        {
            return;
        }

        var now = marks.Single(mark => mark.Key == own.Key).WrittenAt; // By the storage's clock.
        var places = (await SnapshotsAsync(to, cancellationToken)).Keys.Concat(newKeys).ToHashSet(StringComparer.Ordinal);
        foreach (var mark in marks.Where(mark => mark.WrittenAt + CopyMark.Life <= now))
        {
            try
            {
                foreach (var id in await CopyMark.ReadAsync(target, mark.Key, cancellationToken) ?? [])
                {
                    if (!places.Contains(SealedSnapshot.KeyOf(id)) && await FindAsync(SealedSnapshot.KeyOf(id), cancellationToken) is null)
                    {
                        await new SnapshotStore(target).TryAbandonAsync(id, cancellationToken);
                    }
                }
            }
            catch (BackupException error) when (error.Code is BackupErrors.DataDamaged or BackupErrors.FormatTooNew or BackupErrors.SnapshotDamaged)
            {
                continue; // A prune names what cannot be read.
            }
        }
    }
}
