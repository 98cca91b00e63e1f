using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup.Backups;

/// <summary>What one backup would do: lists, and compares with the parent. Memory: as a backup's listing.</summary>
internal sealed class BackupPreviewJob(OpenedRepository repository, IBackupSource source, SnapshotRequest request, TimeProvider time, ProgressMeter meter)
{
    /// <summary>Looks; writes nothing, no checkpoint either.</summary>
    public async Task<BackupPreview> RunAsync(CancellationToken cancellationToken)
    {
        var snapshots = new SnapshotStore(repository);
        if (await snapshots.FindTakenAsync(request, cancellationToken) is { } taken)
        {
            return new BackupPreview(taken.Kind, taken.Parent, 0, 0, 0, 0, 0, 0, 0) { IsTaken = true };
        }

        var view = await WriterView.OpenAsync(repository, cancellationToken);
        var parent = await snapshots.FindParentAsync(request, source.Description, time.GetUtcNow(), cancellationToken);
        using var fetch = new ChunkFetch(repository, view.Index);
        await using var before = new ParentCursor(parent is null
            ? AsyncEnumerable.Empty<ManifestEntry>()
            : new ManifestReader(fetch).EntriesAsync(parent.Manifest, parent.Snapshot.Id, cancellationToken));
        var preview = new BackupPreview(parent is null ? SnapshotKind.Full : request.Kind, parent?.Snapshot.Id, 0, 0, 0, 0, 0, 0, 0);
        await foreach (var entry in source.ListAsync(cancellationToken))
        {
            preview = Add(preview, entry, await before.FindAsync(entry.Path), view);
            meter.Done(1, 0);
        }

        return preview;
    }

    private BackupPreview Add(BackupPreview all, SourceEntry now, ManifestEntry? before, WriterView view)
    {
        if (now.Unsupported is not null)
        {
            return all with { Unreadable = all.Unreadable + 1 };
        }

        if (now.Kind != EntryKind.File)
        {
            return all with { Others = all.Others + (now.Kind == EntryKind.Folder ? 0 : 1) };
        }

        var bytes = now.ContentLength;
        if (before is null)
        {
            return all with { FilesNew = all.FilesNew + 1, BytesNew = all.BytesNew + bytes, BytesToRead = all.BytesToRead + bytes };
        }

        return PartWriter.IsUnchanged(now, before, view)
            ? all with { FilesUnchanged = all.FilesUnchanged + 1, BytesUnchanged = all.BytesUnchanged + bytes, BytesToRead = all.BytesToRead + (request.VerifyUnchanged ? bytes : 0) }
            : all with { FilesChanged = all.FilesChanged + 1, BytesChanged = all.BytesChanged + bytes, BytesToRead = all.BytesToRead + bytes };
    }
}
