using System.Collections.Concurrent;
using DrFunctions.Backup.Backups;
using DrFunctions.Backup.Copies;
using DrFunctions.Backup.Holds;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Retention;
using DrFunctions.Backup.Snapshots;

namespace DrFunctions.Backup.Prunes;

/// <summary>All that stands under <c>snapshots/</c>.</summary>
/// <param name="Readable">Snapshots, and when they were written.</param>
/// <param name="Unreadable">Ids of objects that cannot be read, and why.</param>
/// <param name="Versions">Of those that were listed, by id.</param>
internal sealed record SnapshotInventory(
    IReadOnlyList<(SealedSnapshot Snapshot, DateTimeOffset WrittenAt)> Readable,
    IReadOnlyList<(string Id, BackupException Error)> Unreadable,
    IReadOnlyDictionary<string, string> Versions)
{
    private const int Parallelism = 8;

    /// <summary>Reads all snapshots.</summary>
    /// <param name="repository">Where.</param>
    /// <param name="committed">Snapshots that are known to be visible, listed or not.</param>
    /// <param name="now">When those were written, where they are not listed.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="BackupException">The storage's.</exception>
    public static async Task<SnapshotInventory> ReadAsync(
        OpenedRepository repository, IEnumerable<SealedSnapshot> committed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var store = new SnapshotStore(repository);
        var readable = new ConcurrentDictionary<string, (SealedSnapshot, DateTimeOffset)>(StringComparer.Ordinal);
        var versions = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var unreadable = new ConcurrentBag<(string, BackupException)>();

        // Also those that have the length of one that was given up: whether it is one, its seal says.
        await Parallel.ForEachAsync(
            repository.Objects.ListAsync(SealedSnapshot.Prefix, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                var id = item.Key[SealedSnapshot.Prefix.Length..];
                try
                {
                    if (SnapshotId.IsValid(id) && await store.FindAsync(id, token) is { } snapshot)
                    {
                        readable[id] = (snapshot, item.WrittenAt);
                        versions[id] = item.Version;
                    }
                }
                catch (BackupException error) when (error.Code is BackupErrors.SnapshotDamaged or BackupErrors.FormatTooNew or BackupErrors.DataDamaged)
                {
                    unreadable.Add((id, error));
                }
            });
        foreach (var snapshot in committed)
        {
            readable.TryAdd(snapshot.Snapshot.Id, (snapshot, now));
        }

        return new SnapshotInventory([.. readable.Values], [.. unreadable], versions);
    }

    /// <summary>Decides what becomes of the snapshots.</summary>
    public IReadOnlyList<RetentionDecision> Decide(PruneOptions options, HoldList holds, DateTimeOffset now) => RetentionDecisions.Decide(
        Readable.Select(one => new RetentionCandidate(one.Snapshot.Snapshot, one.WrittenAt, holds.On(one.Snapshot.Snapshot), options.Keep.GetValueOrDefault(one.Snapshot.Snapshot.Id))),
        options.Retention,
        options.Remove,
        now,
        RetentionDecisions.DefaultSkew);

    /// <summary>
    /// Removes a snapshot. Where a checkpoint of its id is left, whoever wrote it may sleep and still be about to commit, and where copies were made into the repository, a copier may be, and the next one would
    /// bring it back: then something stays in the snapshot's place.
    /// </summary>
    /// <returns>False when it is not gone by that: it went before, was written again since it was listed, or is not listed yet.</returns>
    /// <exception cref="BackupException">The storage's, also that it refuses.</exception>
    public async Task<bool> RemoveAsync(OpenedRepository repository, string snapshotId, CancellationToken cancellationToken)
    {
        var checkpoints = new List<string>();
        await foreach (var item in repository.Objects.ListAsync(Checkpoint.PrefixOf(snapshotId), cancellationToken))
        {
            checkpoints.Add(item.Key);
        }

        if (checkpoints.Count == 0 && !await repository.Objects.ListAsync(CopyMark.Prefix, cancellationToken).AnyAsync(cancellationToken))
        {
            return Versions.TryGetValue(snapshotId, out var version)
                && await repository.Objects.DeleteAsync(SealedSnapshot.KeyOf(snapshotId), version, cancellationToken);
        }

        await repository.Objects.ReplaceAsync(SealedSnapshot.KeyOf(snapshotId), AbandonedSnapshot.Write(repository.Keys), cancellationToken);
        foreach (var key in checkpoints)
        {
            await repository.Objects.DeleteAsync(key, cancellationToken);
        }

        return true;
    }
}
