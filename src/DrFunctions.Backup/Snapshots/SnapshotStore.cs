using System.Runtime.CompilerServices;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Snapshots;

/// <summary>The snapshots of an opened repository. Thread-safe.</summary>
/// <param name="repository">Where.</param>
internal sealed class SnapshotStore(OpenedRepository repository)
{
    // Snapshots that are read before they are asked for: what a thousand of them take is an eighth of what one after the other would.
    private const int ReadAhead = 8;

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
        SnapshotId.ThrowIfInvalid(snapshotId);
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
        await FindAsync(snapshotId, cancellationToken) ?? throw NotFound(repository.Objects, snapshotId);

    /// <summary>What is said of a snapshot that is not there.</summary>
    public static BackupException NotFound(IRepository objects, string snapshotId) => new(
        BackupErrors.SnapshotNotFound,
        $"There is no snapshot '{snapshotId}' in {objects.Description}.",
        isTransient: false,
        "List the repository's snapshots. One becomes visible when it is complete.");

    /// <summary>Makes a snapshot visible; false, and nothing changed, when one of its id is there.</summary>
    public Task<bool> TryCreateAsync(SealedSnapshot snapshot, CancellationToken cancellationToken) =>
        repository.Objects.TryCreateAsync(SealedSnapshot.KeyOf(snapshot.Snapshot.Id), snapshot.Write(repository.Keys), cancellationToken);

    /// <summary>Makes a backup's snapshot visible, the last write that counts; or returns the one of its id that is there: a snapshot once seen never changes.</summary>
    /// <exception cref="BackupException">Also <see cref="BackupErrors.SnapshotConflict"/> and <see cref="BackupErrors.SnapshotAbandoned"/>.</exception>
    public async Task<Snapshot> CommitAsync(SnapshotRequest request, SealedSnapshot snapshot, CancellationToken cancellationToken) =>
        await TryCreateAsync(snapshot, cancellationToken)
            ? snapshot.Snapshot
            : await FindTakenAsync(request, cancellationToken) ?? throw NotFound(repository.Objects, request.Id);

    /// <summary>Sees to it that nobody makes a snapshot of that id visible any more; false, and nothing changed, when something stands there.</summary>
    public Task<bool> TryAbandonAsync(string snapshotId, CancellationToken cancellationToken) =>
        repository.Objects.TryCreateAsync(SealedSnapshot.KeyOf(snapshotId), AbandonedSnapshot.Write(repository.Keys), cancellationToken);

    /// <summary>The ids of all snapshots and when they were written, in no particular order; without those that were given up.</summary>
    public async IAsyncEnumerable<(string Id, DateTimeOffset WrittenAt)> IdsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in repository.Objects.ListAsync(SealedSnapshot.Prefix, cancellationToken))
        {
            var id = item.Key[SealedSnapshot.Prefix.Length..];
            if (!AbandonedSnapshot.HasLength(item.Length) && SnapshotId.IsValid(id))
            {
                yield return (id, item.WrittenAt);
            }
        }
    }

    /// <summary>
    /// All snapshots, the last written first, each as it is or with what is wrong with it; those that went since they were listed are left out. Some are read ahead, so that
    /// who looks at a few reads few, and who looks at all does not wait for each.
    /// </summary>
    public async IAsyncEnumerable<ReadSnapshot> LastWrittenFirstAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ids = new List<(string Id, DateTimeOffset WrittenAt)>();
        await foreach (var item in IdsAsync(cancellationToken))
        {
            ids.Add(item);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = new Queue<Task<ReadSnapshot?>>(ReadAhead);
        try
        {
            foreach (var (id, writtenAt) in ids.OrderByDescending(item => item.WrittenAt))
            {
                if (reading.Count == ReadAhead && await reading.Dequeue() is { } next)
                {
                    yield return next;
                }

                reading.Enqueue(TryReadAsync(id, writtenAt, stop.Token));
            }

            while (reading.TryDequeue(out var rest))
            {
                if (await rest is { } next)
                {
                    yield return next;
                }
            }
        }
        finally
        {
            // Who has seen enough does not wait for the rest; what was read ahead fails on its own.
            await stop.CancelAsync();
            await Task.WhenAll(reading).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>
    /// The snapshot that a new one of that kind relies on: of the same workload, policy and source, the last one that was written, or the last full one. None where the last
    /// full one is older than the request allows. Those that cannot be read are passed over: a parent saves reading, and nothing else.
    /// </summary>
    /// <param name="request">What is to be taken.</param>
    /// <param name="source">Of what, by <see cref="Snapshot.Source"/>.</param>
    /// <param name="now">The time of the new one.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public async Task<SealedSnapshot?> FindParentAsync(SnapshotRequest request, string source, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (request.Kind == SnapshotKind.Full)
        {
            return null;
        }

        await foreach (var read in LastWrittenFirstAsync(cancellationToken))
        {
            if (read.Snapshot is not { Snapshot: var last } found || (last.Workload, last.Policy, last.Source) != (request.Workload, request.Policy, source))
            {
                continue;
            }

            if (request.Kind == SnapshotKind.Incremental && request.FullEvery is null)
            {
                return found;
            }

            var full = last.LastFull is { } first ? (await TryReadAsync(first, read.WrittenAt, cancellationToken))?.Snapshot : found;
            if (full is not null)
            {
                return now - full.Snapshot.RestorePoint >= request.FullEvery ? null
                    : request.Kind == SnapshotKind.Incremental ? found
                    : full;
            }
        }

        return null;
    }

    private async Task<ReadSnapshot?> TryReadAsync(string id, DateTimeOffset writtenAt, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(id, cancellationToken) is { } found ? new ReadSnapshot(id, writtenAt, found, null) : null;
        }
        catch (BackupException error) when (error.Code is BackupErrors.SnapshotDamaged or BackupErrors.FormatTooNew or BackupErrors.DataDamaged)
        {
            return new ReadSnapshot(id, writtenAt, null, error);
        }
    }
}

/// <summary>What stands in a snapshot's place.</summary>
/// <param name="Snapshot">The snapshot; null when there is none.</param>
/// <param name="IsAbandoned">Whether there will never be one.</param>
internal readonly record struct SnapshotPlace(SealedSnapshot? Snapshot, bool IsAbandoned);
