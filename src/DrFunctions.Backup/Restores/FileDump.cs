using System.Buffers;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Listings;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup.Restores;

/// <summary>
/// Writes one file of a snapshot to a stream, from its first byte to its last. Every byte is authenticated before it is written; what cannot be read ends it there, with an
/// exception.
/// </summary>
/// <param name="repository">Where the snapshot is.</param>
/// <param name="snapshotId">Which.</param>
/// <param name="path">The file, exactly as the snapshot lists it.</param>
/// <param name="meter">Counts.</param>
/// <remarks>Memory: four parts of 4 MiB and a chunk of the longest kind each, whatever the file's length; and what <see cref="ChunkFetch"/> needs.</remarks>
internal sealed class FileDump(OpenedRepository repository, string snapshotId, string path, ProgressMeter meter)
{
    private const int PartsAhead = 3;
    private const int ZerosAtOnce = 64 * 1024;

    private long written;

    /// <summary>Writes it.</summary>
    /// <exception cref="BackupException">Also <see cref="BackupErrors.FileNotFound"/>, before anything is written.</exception>
    public async Task<SnapshotFile> RunAsync(Stream output, CancellationToken cancellationToken)
    {
        var snapshot = await new SnapshotStore(repository).GetAsync(snapshotId, cancellationToken);
        using var fetch = new ChunkFetch(repository, await RepositoryIndex.OpenAsync(repository, cancellationToken));
        var entry = await FindAsync(new ManifestReader(fetch), snapshot, cancellationToken);
        meter.Expect(1, entry.Source.ContentLength);
        meter.TotalIsFinal();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = new Queue<Task<(FilePart Part, byte[] Content)>>(PartsAhead);
        try
        {
            foreach (var part in FilePart.Of(entry.Chunks))
            {
                if (reading.Count == PartsAhead)
                {
                    await WriteAsync(entry, await reading.Dequeue(), output, cancellationToken);
                }

                reading.Enqueue(ReadAsync(part, fetch, stop.Token));
            }

            while (reading.TryDequeue(out var next))
            {
                await WriteAsync(entry, await next, output, cancellationToken);
            }
        }
        finally
        {
            // What was read ahead fails on its own, and is of no use then.
            await stop.CancelAsync();
            await Task.WhenAll(reading).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        await SkipToAsync(entry.Source.Length, output, cancellationToken);
        if (output.CanSeek)
        {
            output.SetLength(output.Position); // A hole at the end.
        }

        await output.FlushAsync(cancellationToken);
        meter.Done(1, 0);
        return new SnapshotFile(entry.Source, entry.Skipped);
    }

    private async Task<ManifestEntry> FindAsync(ManifestReader manifest, SealedSnapshot snapshot, CancellationToken cancellationToken)
    {
        await foreach (var entry in manifest.EntriesAsync(snapshot.Manifest, snapshotId, cancellationToken))
        {
            if (entry.Source.Path == path)
            {
                return entry.Skipped is { } why ? throw NoFile($"'{path}' of the snapshot '{snapshotId}' has no content there: {why}.")
                    : entry.Source.Kind != EntryKind.File ? throw NoFile($"'{path}' of the snapshot '{snapshotId}' is of the kind {entry.Source.Kind}; expected a file.")
                    : entry;
            }

            if (entry.Source.Kind == EntryKind.Folder && entry.Source.Path.AsSpan()[..^1].SequenceEqual(path))
            {
                throw NoFile($"'{path}' of the snapshot '{snapshotId}' is a folder; expected a file.");
            }
        }

        throw NoFile($"There is no file '{path}' in the snapshot '{snapshotId}' of {repository.Description}.");
    }

    private static async Task<(FilePart Part, byte[] Content)> ReadAsync(FilePart part, ChunkFetch fetch, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(part.Length);
        BackupException? failure = null;
        await part.ReadAsync(buffer, fetch, error => Interlocked.CompareExchange(ref failure, error, null), cancellationToken);
        return failure is null ? (part, buffer) : throw failure;
    }

    private async Task WriteAsync(ManifestEntry entry, (FilePart Part, byte[] Content) read, Stream output, CancellationToken cancellationToken)
    {
        var (content, offset) = (read.Content.AsMemory(0, read.Part.Length), read.Part.Start);
        while (content.Length > 0)
        {
            var (at, length) = Hole.Place(entry.Source.Holes, offset);
            await SkipToAsync(at, output, cancellationToken);
            var piece = content[..(int)Math.Min(length, content.Length)];
            await output.WriteAsync(piece, cancellationToken);
            meter.Done(0, piece.Length);
            written += piece.Length;
            offset += piece.Length;
            content = content[piece.Length..];
        }

        ArrayPool<byte>.Shared.Return(read.Content);
    }

    private async Task SkipToAsync(long offset, Stream output, CancellationToken cancellationToken)
    {
        if (output.CanSeek && written < offset)
        {
            output.Position += offset - written;
            written = offset;
        }

        var zeros = new byte[(int)Math.Min(ZerosAtOnce, Math.Max(0, offset - written))];
        while (written < offset)
        {
            var piece = zeros.AsMemory(0, (int)Math.Min(zeros.Length, offset - written));
            await output.WriteAsync(piece, cancellationToken);
            written += piece.Length;
        }
    }

    private static BackupException NoFile(string message) => new(
        BackupErrors.FileNotFound, message, isTransient: false, "'dr backup show' lists what is in the snapshot.");
}
