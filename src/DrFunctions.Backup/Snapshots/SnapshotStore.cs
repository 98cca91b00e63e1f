using System.Runtime.CompilerServices;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Snapshots;

/// <summary>The snapshots of an opened repository. Thread-safe.</summary>
/// <param name="repository">Where.</param>
internal sealed class SnapshotStore(OpenedRepository repository)
{
    /// <summary>A snapshot; null when there is none of that id, or one that was given up.</summary>
    /// <exception cref="BackupException"><see cref="BackupErrors.SnapshotDamaged"/>, <see cref="BackupErrors.FormatTooNew"/>, or the storage's.</exception>
    public async Task<SealedSnapshot?> FindAsync(string snapshotId, CancellationToken cancellationToken) =>
        (await LookAsync(snapshotId, cancellationToken)).Snapshot;

    /// <summary>The snapshot that a backup is to take, if it is there already.</summary>
    /// <exception cref="BackupException">Also <see cref="BackupErrors.SnapshotConflict"/> and <see cref="BackupErrors.SnapshotAbandoned"/>.</exception>
    public async Task<Snapshot?> FindTakenAsync(SnapshotRequest request, CancellationToken cancellationToken)
    {
        var (existing, isAbandoned) = await LookAsync(request.Id, cancellationToken);
        return isAbandoned ? throw AbandonedSnapshot.Refused(request.Id, repository.Objects.Description)
            : existing is null ? null
            : request.Same(existing.Snapshot, repository.Objects);
    }

    /// <summary>What stands in a snapshot's place.</summary>
    /// <exception cref="BackupException"><see cref="BackupErrors.SnapshotDamaged"/>, <see cref="BackupErrors.FormatTooNew"/>, or the storage's.</exception>
    public async Task<SnapshotPlace> LookAsync(string snapshotId, CancellationToken cancellationToken)
    {
        SnapshotReader.ThrowIfInvalidId(snapshotId);
        var key = SealedSnapshot.KeyOf(snapshotId);
        var content = await RepositoryContent.ReadWholeAsync(repository.Objects, key, SealedSnapshot.LongestObject, cancellationToken);
        return content is null ? default
            : await AbandonedSnapshot.IsAsync(repository.Keys, content, cancellationToken) ? new SnapshotPlace(null, IsAbandoned: true)
            : new SnapshotPlace(
                await SealedSnapshot.ReadAsync(repository.Keys, content, snapshotId, RepositoryContent.NameOf(repository.Objects, key), cancellationToken),
                IsAbandoned: false);
    }

    /// <summary>A snapshot.</summary>
    /// <exception cref="BackupException">Also <see cref="BackupErrors.SnapshotNotFound"/>.</exception>
    public async Task<SealedSnapshot> GetAsync(string snapshotId, CancellationToken cancellationToken) =>
        await FindAsync(snapshotId, cancellationToken) ?? throw SnapshotReader.NotFound(repository.Objects, snapshotId);

    /// <summary>Makes a snapshot visible; false, and nothing changed, when one of its id is there.</summary>
    public Task<bool> TryCreateAsync(SealedSnapshot snapshot, CancellationToken cancellationToken) =>
        repository.Objects.TryCreateAsync(SealedSnapshot.KeyOf(snapshot.Snapshot.Id), snapshot.Write(repository.Keys), cancellationToken);

    /// <summary>Makes a backup's snapshot visible, the last write that counts; or returns the one of its id that is there: a snapshot once seen never changes.</summary>
    /// <exception cref="BackupException">Also <see cref="BackupErrors.SnapshotConflict"/> and <see cref="BackupErrors.SnapshotAbandoned"/>.</exception>
    public async Task<Snapshot> CommitAsync(SnapshotRequest request, SealedSnapshot snapshot, CancellationToken cancellationToken) =>
        await TryCreateAsync(snapshot, cancellationToken)
            ? snapshot.Snapshot
            : await FindTakenAsync(request, cancellationToken) ?? throw SnapshotReader.NotFound(repository.Objects, request.Id);

    /// <summary>Sees to it that nobody makes a snapshot of that id visible any more; false, and nothing changed, when something stands there.</summary>
    public Task<bool> TryAbandonAsync(string snapshotId, CancellationToken cancellationToken) =>
        repository.Objects.TryCreateAsync(SealedSnapshot.KeyOf(snapshotId), AbandonedSnapshot.Write(repository.Keys), cancellationToken);

    /// <summary>The ids of all snapshots and when they were written, in no particular order; without those that were given up.</summary>
    public async IAsyncEnumerable<(string Id, DateTimeOffset WrittenAt)> IdsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in repository.Objects.ListAsync(SealedSnapshot.Prefix, cancellationToken))
        {
            var id = item.Key[SealedSnapshot.Prefix.Length..];
            if (item.Length != AbandonedSnapshot.Length && SnapshotReader.IsId(id))
            {
                yield return (id, item.WrittenAt);
            }
        }
    }

    /// <summary>
    /// The snapshot that a new one of that kind relies on: of the same workload, policy and source, the last one that was written, or the last full one. Those that cannot
    /// be read are passed over: a parent saves reading, and nothing else.
    /// </summary>
    public async Task<SealedSnapshot?> FindParentAsync(SnapshotRequest request, string source, CancellationToken cancellationToken)
    {
        if (request.Kind == SnapshotKind.Full)
        {
            return null;
        }

        var ids = new List<(string Id, DateTimeOffset WrittenAt)>();
        await foreach (var item in IdsAsync(cancellationToken))
        {
            ids.Add(item);
        }

        foreach (var (id, _) in ids.OrderByDescending(item => item.WrittenAt))
        {
            if (await TryFindAsync(id, cancellationToken) is not { } found
                || (found.Snapshot.Workload, found.Snapshot.Policy, found.Snapshot.Source) != (request.Workload, request.Policy, source))
            {
                continue;
            }

            if (request.Kind == SnapshotKind.Incremental || found.Snapshot.Kind == SnapshotKind.Full)
            {
                return found;
            }

            if (found.Snapshot.LastFull is { } full && await TryFindAsync(full, cancellationToken) is { } first)
            {
                return first;
            }
        }

        return null;
    }

    private async Task<SealedSnapshot?> TryFindAsync(string snapshotId, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(snapshotId, cancellationToken);
        }
        catch (BackupException error) when (error.Code is BackupErrors.SnapshotDamaged or BackupErrors.FormatTooNew or BackupErrors.DataDamaged)
        {
            return null;
        }
    }
}

/// <summary>What stands in a snapshot's place.</summary>
/// <param name="Snapshot">The snapshot; null when there is none.</param>
/// <param name="IsAbandoned">Whether there will never be one.</param>
internal readonly record struct SnapshotPlace(SealedSnapshot? Snapshot, bool IsAbandoned);
