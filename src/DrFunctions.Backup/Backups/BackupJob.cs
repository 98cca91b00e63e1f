using System.Runtime.CompilerServices;
using DrFunctions.Backup.Chunking;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
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
        var checkpoint = new Checkpoint(repository, request.Id, time);
        if (await snapshots.FindAsync(request.Id, cancellationToken) is { } existing)
        {
            return Same(existing.Snapshot);
        }

        var began = time.GetUtcNow().ToUniversalTime();
        var restorePoint = request.RestorePoint is { } claimed && claimed < began ? claimed.ToUniversalTime() : began;
        var index = await RepositoryIndex.OpenAsync(repository, cancellationToken);
        await using var chunks = new ChunkWriter(repository, index, checkpoint.BeginAsync);
        if (await checkpoint.AnyAsync(cancellationToken) || index.Damaged.Count > 0)
        {
            chunks.Take(await index.AdoptAsync(cancellationToken));
        }

        var parent = await snapshots.FindParentAsync(request, source.Description, cancellationToken);
        var part = await WriteAsync(index, chunks, parent, cancellationToken);
        await chunks.FlushAsync(cancellationToken);
        var taken = await CommitAsync(
            new SealedSnapshot(SnapshotOf(restorePoint, parent?.Snapshot, chunks.DataBytesAdded), part.Entries == 0 ? [] : [part]), cancellationToken);
        await checkpoint.EndAsync(cancellationToken);
        return taken;
    }

    private async Task<ManifestPart> WriteAsync(RepositoryIndex index, ChunkWriter chunks, SealedSnapshot? parent, CancellationToken cancellationToken)
    {
        using var fetch = new ChunkFetch(repository, index);
        using var manifest = new ManifestWriter(repository, chunks);
        using var reader = new FileChunks(source, new ContentChunker(repository.Config.Chunking, repository.Keys.Cuts), chunks, meter);
        await using var before = new ParentCursor(parent is null || request.VerifyUnchanged
            ? AsyncEnumerable.Empty<ManifestEntry>()
            : new ManifestReader(fetch).EntriesAsync(parent.Manifest, parent.Snapshot.Id, cancellationToken));
        await OrderedWork.RunAsync(
            ListAsync(before, cancellationToken),
            FilesAtOnce,
            (listed, token) => Unchanged(listed.Now, listed.Before, index) is { } known ? Task.FromResult(known) : Task.Run(() => ReadAsync(listed.Now, reader, token), token),
            (entry, token) => TakeAsync(entry, manifest, token),
            cancellationToken);
        return await manifest.CompleteAsync(cancellationToken);
    }

    private async IAsyncEnumerable<(SourceEntry Now, ManifestEntry? Before)> ListAsync(ParentCursor before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in source.ListAsync(cancellationToken))
        {
            meter.Expect(1, entry.ContentLength);
            yield return (entry, await before.FindAsync(entry.Path));
        }

        meter.TotalIsFinal();
    }

    // An index that certainly lacks a chunk of it has the file read again, whatever the parent says.
    private ManifestEntry? Unchanged(SourceEntry now, ManifestEntry? before, RepositoryIndex index)
    {
        if (before is not { Skipped: null } || now.Unsupported is not null || now.Version.Length == 0
            || before.Source.Version != now.Version || before.Source.Length != now.Length || before.Source.ContentLength != now.ContentLength
            || before.Source.LastModified != now.LastModified || now.Kind != EntryKind.File
            || !before.Chunks.All(chunk => index.MayHave(chunk.Id)))
        {
            return null;
        }

        meter.Done(0, now.ContentLength);
        return before with { Source = now };
    }

    private async Task<ManifestEntry> ReadAsync(SourceEntry entry, FileChunks reader, CancellationToken cancellationToken)
    {
        var listed = entry.ContentLength;
        for (var attempt = 1; attempt <= options.SourceAttempts; attempt++)
        {
            if (entry.Unsupported is not null || entry.Kind != EntryKind.File)
            {
                meter.Expect(0, -listed);
                return new ManifestEntry(entry, [], entry.Unsupported);
            }

            try
            {
                var read = await reader.ReadAsync(entry, cancellationToken);
                meter.Expect(0, entry.ContentLength - listed);
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
            catch (BackupException error) when (error.Code == BackupErrors.SourceRefused)
            {
                meter.Expect(0, -listed);
                return new ManifestEntry(entry, [], $"it cannot be read: {(error.InnerException ?? error).Message}");
            }
        }

        meter.Expect(0, -listed);
        return new ManifestEntry(entry, [], ManifestEntry.Unstable);
    }

    private async Task TakeAsync(ManifestEntry entry, ManifestWriter manifest, CancellationToken cancellationToken)
    {
        if (entry.Skipped is null)
        {
            files += entry.Source.Kind == EntryKind.Folder ? 0 : 1;
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
            : Same((await snapshots.GetAsync(request.Id, cancellationToken)).Snapshot);

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
