using System.Runtime.CompilerServices;
using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Transfers;

/// <summary>One backup: chunks, then segments, then the root.</summary>
internal sealed class BackupRun(
    IBackupSource source, IRepository repository, SnapshotRequest request, BackupEngineOptions options, TimeProvider time, ProgressMeter meter)
{
    private readonly ChunkStore store = new(repository);
    private long files;
    private long bytes;
    private long vanished;
    private long unread;

    public async Task<Snapshot> RunAsync(CancellationToken cancellationToken)
    {
        if (await SnapshotReader.FindAsync(repository, request.Id, cancellationToken) is { } existing)
        {
            return Same(existing.Snapshot);
        }

        var began = time.GetUtcNow().ToUniversalTime();
        var restorePoint = request.RestorePoint is { } claimed && claimed < began ? claimed.ToUniversalTime() : began;
        using var buffers = new ChunkBuffers(options.Parallelism);
        using var manifest = new SegmentWriter(store);
        await OrderedWork.RunAsync(
            ListAsync(cancellationToken),
            options.Parallelism,
            (entry, token) => ReadAsync(entry, buffers, token),
            (entry, token) => TakeAsync(entry, manifest, token),
            cancellationToken);
        var segments = await manifest.CompleteAsync(cancellationToken);
        return await CommitAsync(new SnapshotRoot(SnapshotOf(restorePoint), segments), cancellationToken);
    }

    private async IAsyncEnumerable<SourceEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in source.ListAsync(cancellationToken))
        {
            // The first format has files only.
            if (entry.Kind != EntryKind.Folder)
            {
                meter.Expect(1, entry.Length);
                yield return entry;
            }
        }

        meter.TotalIsFinal();
    }

    private async Task<SnapshotEntry> ReadAsync(SourceEntry entry, ChunkBuffers buffers, CancellationToken cancellationToken)
    {
        if ((entry.Unsupported ?? (entry.Kind switch { EntryKind.File => null, EntryKind.SymbolicLink => "symbolic link", _ => "no file" })) is { } reason)
        {
            return new SnapshotEntry(entry, default, [], reason);
        }

        var listed = entry.Length;
        for (var attempt = 1; attempt <= options.SourceAttempts; attempt++)
        {
            try
            {
                var read = await new FileRead(source, entry, store, buffers, meter).RunAsync(cancellationToken);
                meter.Expect(0, entry.Length - listed);
                return read;
            }
            catch (BackupException error) when (error.Code is BackupErrors.SourceChanged or BackupErrors.SourceVanished)
            {
                if (await source.FindAsync(entry.Path, cancellationToken) is not { } now)
                {
                    meter.Expect(0, -listed);
                    return new SnapshotEntry(entry, default, [], SnapshotEntry.Vanished);
                }

                entry = now;
            }
        }

        meter.Expect(0, -listed);
        return new SnapshotEntry(entry, default, [], SnapshotEntry.Unstable);
    }

    private async Task TakeAsync(SnapshotEntry entry, SegmentWriter manifest, CancellationToken cancellationToken)
    {
        if (entry.Skipped is null)
        {
            files++;
            bytes += entry.Source.Length;
        }
        else if (entry.Skipped == SnapshotEntry.Vanished)
        {
            vanished++;
        }
        else
        {
            unread++;
        }

        await manifest.AppendAsync(entry, cancellationToken);
        meter.Done(1, 0);
    }

    private Snapshot SnapshotOf(DateTimeOffset restorePoint) => new()
    {
        Id = request.Id,
        Workload = request.Workload,
        Policy = request.Policy,
        Source = source.Description,
        RestorePoint = restorePoint,
        CompletedAt = time.GetUtcNow().ToUniversalTime(),
        Files = files,
        Bytes = bytes,
        Vanished = vanished,
        Unread = unread,
    };

    // The last write of all, and only when nobody else's is there: a snapshot once seen never changes.
    private async Task<Snapshot> CommitAsync(SnapshotRoot root, CancellationToken cancellationToken) =>
        await repository.TryCreateAsync(SnapshotRoot.KeyOf(request.Id), root.Write(), cancellationToken)
            ? root.Snapshot
            : Same((await SnapshotReader.GetAsync(repository, request.Id, cancellationToken)).Snapshot);

    private Snapshot Same(Snapshot existing) =>
        existing.Workload == request.Workload && existing.Policy == request.Policy
            ? existing
            : throw new BackupException(
                BackupErrors.SnapshotConflict,
                $"The snapshot '{request.Id}' in {repository.Description} is of workload '{existing.Workload}', policy '{existing.Policy}'; "
                    + $"expected '{request.Workload}', '{request.Policy}'.",
                isTransient: false,
                "Give every backup an id of its own.");
}
