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
    private readonly SnapshotStore snapshots = new(repository);

    /// <summary>Takes the snapshot, or returns the one of that id that is there. What a killed attempt wrote is used.</summary>
    public async Task<Snapshot> RunAsync(CancellationToken cancellationToken)
    {
        if (await snapshots.FindTakenAsync(request, cancellationToken) is { } existing)
        {
            return existing;
        }

        var began = time.GetUtcNow();
        var restorePoint = request.RestorePoint is { } claimed && claimed < began ? claimed : began;
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

        var taken = await snapshots.CommitAsync(request, snapshot, cancellationToken);
        await checkpoint.EndAsync(cancellationToken);
        return taken;
    }

    private async Task<SealedSnapshot> WriteAsync(DateTimeOffset restorePoint, CancellationToken cancellationToken)
    {
        var view = await WriterView.OpenAsync(repository, cancellationToken);
        await using var chunks = new ChunkWriter(repository, view.Index, view.Unreliable);
        chunks.Take(await view.AdoptAsync(cancellationToken));
        var parent = await snapshots.FindParentAsync(request, source.Description, time.GetUtcNow(), cancellationToken);
        using var fetch = new ChunkFetch(repository, view.Index);
        var known = parent is null || request.VerifyUnchanged
            ? AsyncEnumerable.Empty<ManifestEntry>()
            : new ManifestReader(fetch).EntriesAsync(parent.Manifest, parent.Snapshot.Id, cancellationToken);
        var part = await new PartWriter(repository, source, options, meter)
            .WriteAsync(source.ListAsync(cancellationToken), view, chunks, known, cancellationToken);
        await chunks.FlushAsync(cancellationToken);
        return new SealedSnapshot(
            BackupPart.SnapshotOf(request, source.Description, restorePoint, time.GetUtcNow(), (parent?.Snapshot.Id, parent?.Snapshot.FullOfChildren), [part]),
            part.Manifest.Entries == 0 ? [] : [part.Manifest]);
    }
}
