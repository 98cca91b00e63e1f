using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Snapshots;

namespace DrFunctions.Backup.Transfers;

/// <summary>One copy: chunks, then segments, then the root, each read and authenticated first.</summary>
internal sealed class CopyRun(IRepository from, IRepository to, string snapshotId, BackupEngineOptions options, ProgressMeter meter)
{
    private readonly ChunkStore origin = new(from);
    private readonly ChunkStore destination = new(to);
    private readonly DigestSet seen = new();
    private long objectsCopied;
    private long objectsReused;
    private long bytesCopied;
    private long bytesReused;

    public async Task<CopyResult> RunAsync(CancellationToken cancellationToken)
    {
        var bytes = await SnapshotReader.ReadBytesAsync(from, snapshotId, cancellationToken) ?? throw SnapshotReader.NotFound(from, snapshotId);
        var root = SnapshotRoot.Read(bytes, snapshotId, from.Description);
        meter.Expect(root.Snapshot.Files, root.Snapshot.Bytes);
        meter.TotalIsFinal();
        using var buffers = new ChunkBuffers(options.Parallelism);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            SnapshotReader.EntriesAsync(origin, root, cancellationToken),
            parallel,
            async (entry, token) => await CopyAsync(entry, buffers, token));
        await Parallel.ForEachAsync(root.Segments, parallel, async (segment, token) =>
        {
            var content = new byte[segment.Length];
            await CopyAsync(segment.Sha256, content, token);
        });
        await ShowAsync(bytes, cancellationToken);
        return new CopyResult(root.Snapshot, objectsCopied, objectsReused, bytesCopied, bytesReused);
    }

    private async Task CopyAsync(SnapshotEntry entry, ChunkBuffers buffers, CancellationToken cancellationToken)
    {
        if (entry.Skipped is not null)
        {
            return;
        }

        try
        {
            await ChunkFan.RunAsync(entry, buffers, CopyChunkAsync, cancellationToken);
        }
        catch (BackupException error) when (error.Code is BackupErrors.DataMissing or BackupErrors.DataDamaged)
        {
            throw new BackupException(
                error.Code, $"'{entry.Source.Path}' of snapshot '{snapshotId}' cannot be copied: {error.Message}.", error.IsTransient, error.Hint, error);
        }

        meter.Done(1, 0);
    }

    private async Task CopyChunkAsync(int chunk, Memory<byte> content, SnapshotEntry entry, CancellationToken cancellationToken)
    {
        if (!seen.Contains(entry.Chunks[chunk]))
        {
            await CopyAsync(entry.Chunks[chunk], content, cancellationToken);
            seen.Add(entry.Chunks[chunk]);
        }

        meter.Done(0, content.Length);
    }

    private async Task CopyAsync(Sha256Digest digest, Memory<byte> content, CancellationToken cancellationToken)
    {
        await origin.ReadAsync(digest, content, cancellationToken);
        var written = await destination.EnsureAsync(digest, content, cancellationToken);
        Interlocked.Increment(ref written ? ref objectsCopied : ref objectsReused);
        Interlocked.Add(ref written ? ref bytesCopied : ref bytesReused, content.Length);
    }

    private async Task ShowAsync(byte[] root, CancellationToken cancellationToken)
    {
        if (await to.TryCreateAsync(SnapshotRoot.KeyOf(snapshotId), root, cancellationToken))
        {
            return;
        }

        var existing = await SnapshotReader.ReadBytesAsync(to, snapshotId, cancellationToken);
        if (existing is null || !existing.AsSpan().SequenceEqual(root))
        {
            throw new BackupException(
                BackupErrors.SnapshotConflict,
                $"The snapshot '{snapshotId}' in {to.Description} is not the one in {from.Description}.",
                isTransient: false,
                "Check which of the two is damaged or foreign, and delete its root there before the copy is run again.");
        }
    }
}
