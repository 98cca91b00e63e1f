using System.Runtime.CompilerServices;
using DrFunctions.Backup.Chunking;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup.Backups;

/// <summary>One backup: packs, then an index that names them, then the snapshot.</summary>
internal sealed class BackupJob(
    OpenedRepository repository, IBackupSource source, SnapshotRequest request, BackupEngineOptions options, TimeProvider time, ProgressMeter meter)
{
    // Small files of a container wait for the network; what they take in memory is bounded by bytes, not by their number.
    private const int FilesAtOnce = 32;

    private readonly SnapshotStore snapshots = new(repository);
    private long files;
    private long bytes;
    private long vanished;
    private long unread;

    /// <summary>Takes the snapshot, or returns the one of that id that is there. What a killed attempt wrote is used.</summary>
    public async Task<Snapshot> RunAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is { } existing)
        {
            return existing;
        }

        var began = time.GetUtcNow().ToUniversalTime();
        var restorePoint = request.RestorePoint is { } claimed && claimed < began ? claimed.ToUniversalTime() : began;
        var checkpoint = new Checkpoint(repository, request.Id, time);
        await checkpoint.BeginAsync(cancellationToken);
        SealedSnapshot snapshot;
        try
        {
            snapshot = await WriteAsync(restorePoint, cancellationToken);
        }
        catch
        {
            await checkpoint.GiveUpAsync();
            throw;
        }

        var taken = await CommitAsync(snapshot, cancellationToken);
        await checkpoint.EndAsync(cancellationToken);
        return taken;
    }

    private async Task<SealedSnapshot> WriteAsync(DateTimeOffset restorePoint, CancellationToken cancellationToken)
    {
        var view = await WriterView.OpenAsync(repository, cancellationToken);
        await using var chunks = new ChunkWriter(repository, view.Index, view.Unreliable);
        chunks.Take(await view.AdoptAsync(cancellationToken));
        var parent = await snapshots.FindParentAsync(request, source.Description, cancellationToken);
        var part = await WriteAsync(view, chunks, parent, cancellationToken);
        await chunks.FlushAsync(cancellationToken);
        return new SealedSnapshot(SnapshotOf(restorePoint, parent?.Snapshot, chunks.DataBytesAdded), part.Entries == 0 ? [] : [part]);
    }

    private async Task<ManifestPart> WriteAsync(WriterView view, ChunkWriter chunks, SealedSnapshot? parent, CancellationToken cancellationToken)
    {
        using var fetch = new ChunkFetch(repository, view.Index);
        using var manifest = new ManifestWriter(repository, chunks);
        using var reader = new FileChunks(source, new ContentChunker(repository.Config.Chunking, repository.Keys.Cuts), chunks, meter);
        await using var before = new ParentCursor(parent is null || request.VerifyUnchanged
            ? AsyncEnumerable.Empty<ManifestEntry>()
            : new ManifestReader(fetch).EntriesAsync(parent.Manifest, parent.Snapshot.Id, cancellationToken));
        await OrderedWork.RunAsync(
            ListAsync(before, cancellationToken),
            FilesAtOnce,
            (listed, token) => Unchanged(listed.Now, listed.Before, view) is { } known ? Task.FromResult(known) : Task.Run(() => ReadAsync(listed.Now, reader, token), token),
            (entry, token) => TakeAsync(entry, manifest, token),
            cancellationToken);
        return await manifest.CompleteAsync(cancellationToken);
    }

    private async IAsyncEnumerable<(SourceEntry Now, ManifestEntry? Before)> ListAsync(ParentCursor before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in source.ListAsync(cancellationToken))
        {
            meter.Expect(1, entry.Length);
            yield return (entry, await before.FindAsync(entry.Path));
        }

        meter.TotalIsFinal();
    }

    // A chunk that may not be where it can be relied on has the file read again, whatever the parent says.
    private ManifestEntry? Unchanged(SourceEntry now, ManifestEntry? before, WriterView view)
    {
        if (before is not { Skipped: null } || now.Unsupported is not null || now.Version.Length == 0
            || before.Source.Version != now.Version || before.Source.Length != now.Length
            || !before.Chunks.All(chunk => view.Has(chunk.Id)))
        {
            return null;
        }

        meter.Done(0, now.Length);
        return before with { Source = now };
    }

    private async Task<ManifestEntry> ReadAsync(SourceEntry entry, FileChunks reader, CancellationToken cancellationToken)
    {
        if (entry.Unsupported is { } reason)
        {
            return new ManifestEntry(entry, [], reason);
        }

        var listed = entry.Length;
        for (var attempt = 1; attempt <= options.SourceAttempts; attempt++)
        {
            try
            {
                var read = await reader.ReadAsync(entry, cancellationToken);
                meter.Expect(0, entry.Length - listed);
                return new ManifestEntry(entry, read);
            }
            catch (BackupException error) when (error.Code is BackupErrors.SourceChanged or BackupErrors.SourceVanished)
            {
                if (await source.FindAsync(entry.Path, cancellationToken) is not { } now)
                {
                    meter.Expect(0, -listed);
                    return new ManifestEntry(entry, [], ManifestEntry.Vanished);
                }

                entry = now;
            }
        }

        meter.Expect(0, -listed);
        return new ManifestEntry(entry, [], ManifestEntry.Unstable);
    }

    private async Task TakeAsync(ManifestEntry entry, ManifestWriter manifest, CancellationToken cancellationToken)
    {
        if (entry.Skipped is null)
        {
            files++;
            bytes += entry.Source.Length;
        }
        else if (entry.Skipped == ManifestEntry.Vanished)
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

    private Snapshot SnapshotOf(DateTimeOffset restorePoint, Snapshot? parent, long added) => new()
    {
        Id = request.Id,
        Workload = request.Workload,
        Policy = request.Policy,
        Source = source.Description,
        Kind = parent is null ? SnapshotKind.Full : request.Kind,
        Parent = parent?.Id,
        LastFull = parent is null ? null : parent.LastFull ?? parent.Id,
        RestorePoint = restorePoint,
        CompletedAt = time.GetUtcNow().ToUniversalTime(),
        Files = files,
        Bytes = bytes,
        BytesAdded = added,
        Vanished = vanished,
        Unread = unread,
    };

    // The last write that counts, and only when nobody else's is there: a snapshot once seen never changes.
    private async Task<Snapshot> CommitAsync(SealedSnapshot snapshot, CancellationToken cancellationToken) =>
        await snapshots.TryCreateAsync(snapshot, cancellationToken)
            ? snapshot.Snapshot
            : await FindAsync(cancellationToken) ?? throw SnapshotReader.NotFound(repository.Objects, request.Id);

    private async Task<Snapshot?> FindAsync(CancellationToken cancellationToken)
    {
        var (existing, isAbandoned) = await snapshots.LookAsync(request.Id, cancellationToken);
        return isAbandoned ? throw AbandonedSnapshot.Refused(request.Id, repository.Objects.Description)
            : existing is null ? null
            : Same(existing.Snapshot);
    }

    private Snapshot Same(Snapshot existing) =>
        existing.Workload == request.Workload && existing.Policy == request.Policy
            ? existing
            : throw new BackupException(
                BackupErrors.SnapshotConflict,
                $"The snapshot '{request.Id}' in {repository.Objects.Description} is of workload '{existing.Workload}', policy '{existing.Policy}'; "
                    + $"expected '{request.Workload}', '{request.Policy}'.",
                isTransient: false,
                "Give every backup an id of its own.");
}
