using System.Runtime.CompilerServices;
using DrFunctions.Backup.Chunking;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup.Backups;

/// <summary>Takes a stretch of a source: the content of its files, and the part of the manifest that names it. Used once.</summary>
/// <param name="repository">Where to.</param>
/// <param name="source">Whose files.</param>
/// <param name="options">How much at once.</param>
/// <param name="meter">Counts.</param>
internal sealed class PartWriter(OpenedRepository repository, IBackupSource source, BackupEngineOptions options, ProgressMeter meter)
{
    // Small files of a container wait for the network; what they take in memory is bounded by bytes, not by their number.
    private const int FilesAtOnce = 32;

    private long files;
    private long bytes;
    private long vanished;
    private long unread;

    /// <summary>Writes what is listed. It is durable when <paramref name="chunks"/> is flushed.</summary>
    /// <param name="listed">Entries, in the order of their paths.</param>
    /// <param name="view">What may be relied on.</param>
    /// <param name="chunks">Takes the content.</param>
    /// <param name="parent">What need not be read again, in the same order.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<BackupPart> WriteAsync(
        IAsyncEnumerable<SourceEntry> listed,
        WriterView view,
        ChunkWriter chunks,
        IAsyncEnumerable<ManifestEntry> parent,
        CancellationToken cancellationToken)
    {
        using var manifest = new ManifestWriter(repository, chunks);
        using var reader = new FileChunks(source, new ContentChunker(repository.Config.Chunking, repository.Keys.Cuts), chunks, meter);
        await using var before = new ParentCursor(parent);
        await OrderedWork.RunAsync(
            WithParentsAsync(listed, before, cancellationToken),
            FilesAtOnce,
            (item, token) => Unchanged(item.Now, item.Before, view) is { } known ? Task.FromResult(known) : Task.Run(() => ReadAsync(item.Now, reader, token), token),
            (entry, token) => TakeAsync(entry, manifest, token),
            cancellationToken);
        var part = await manifest.CompleteAsync(cancellationToken);
        return new BackupPart(part, files, bytes, chunks.DataBytesAdded, vanished, unread);
    }

    /// <summary>
    /// Whether a file need not be read again. A chunk that may not be where it can be relied on has the file read again, whatever the parent says.
    /// </summary>
    public static bool IsUnchanged(SourceEntry now, ManifestEntry before, WriterView view) =>
        before.Skipped is null && now.Unsupported is null && now.Version.Length > 0
        && before.Source.Version == now.Version && before.Source.Length == now.Length && before.Source.ContentLength == now.ContentLength
        && before.Source.LastModified == now.LastModified && now.Kind == EntryKind.File
        && before.Chunks.All(chunk => view.Has(chunk.Id));

    private async IAsyncEnumerable<(SourceEntry Now, ManifestEntry? Before)> WithParentsAsync(
        IAsyncEnumerable<SourceEntry> listed, ParentCursor before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in ReadAhead.Of(listed, cancellationToken))
        {
            meter.Expect(1, Math.Max(0, entry.ContentLength));
            yield return (entry, await before.FindAsync(entry.Path));
        }

        meter.TotalIsFinal();
    }

    private ManifestEntry? Unchanged(SourceEntry now, ManifestEntry? before, WriterView view)
    {
        if (before is null || !IsUnchanged(now, before, view))
        {
            return null;
        }

        meter.Done(0, now.ContentLength);
        return before with { Source = now };
    }

    private async Task<ManifestEntry> ReadAsync(SourceEntry entry, FileChunks reader, CancellationToken cancellationToken)
    {
        var listed = Math.Max(0, entry.ContentLength);
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
                var whole = entry.Length == SourceEntry.NoLength ? entry with { Length = read.Sum(static chunk => (long)chunk.Length) } : entry;
                meter.Expect(0, whole.ContentLength - listed);
                return new ManifestEntry(whole, read);
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
        else if (entry.Source.Kind != EntryKind.Socket)
        {
            unread++; // A socket has nothing that could be read.
        }

        await manifest.AppendAsync(entry, cancellationToken);
        meter.Done(1, 0);
    }
}
