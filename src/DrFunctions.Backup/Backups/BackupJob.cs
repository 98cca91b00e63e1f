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
    private readonly SnapshotStore snapshots = new(repository);

    /// <summary>Takes the snapshot, or returns the one of that id that is there. What a killed attempt wrote is used.</summary>
    public async Task<Snapshot> RunAsync(CancellationToken cancellationToken)
    {
        var checkpoint = new Checkpoint(repository, request.Id, time);
        if (await snapshots.FindAsync(request.Id, cancellationToken) is { } existing)
        {
            return request.Same(existing.Snapshot, repository.Objects);
        }

        var began = time.GetUtcNow();
        var restorePoint = request.RestorePoint is { } claimed && claimed < began ? claimed : began;
        var index = await RepositoryIndex.OpenAsync(repository, cancellationToken);
        await using var chunks = new ChunkWriter(repository, index, checkpoint.BeginAsync);
        if (await checkpoint.AnyAsync(cancellationToken) || index.Damaged.Count > 0)
        {
            chunks.Take(await index.AdoptAsync(cancellationToken));
        }

        var parent = await snapshots.FindParentAsync(request, source.Description, began, cancellationToken);
        using var fetch = new ChunkFetch(repository, index);
        var known = parent is null || request.VerifyUnchanged
            ? AsyncEnumerable.Empty<ManifestEntry>()
            : new ManifestReader(fetch).EntriesAsync(parent.Manifest, parent.Snapshot.Id, cancellationToken);
        var part = await new PartWriter(repository, source, options, meter)
            .WriteAsync(source.ListAsync(cancellationToken), index, chunks, known, cancellationToken);
        await chunks.FlushAsync(cancellationToken);
        var taken = await snapshots.CommitAsync(
            request,
            new SealedSnapshot(
                BackupPart.SnapshotOf(request, source.Description, restorePoint, time.GetUtcNow(), (parent?.Snapshot.Id, parent?.Snapshot.FullOfChildren), [part]),
                part.Manifest.Entries == 0 ? [] : [part.Manifest]),
            cancellationToken);
        await checkpoint.EndAsync(cancellationToken);
        return taken;
    }
}
