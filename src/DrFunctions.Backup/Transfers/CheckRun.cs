using System.Collections.Concurrent;
using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Snapshots;

namespace DrFunctions.Backup.Transfers;

/// <summary>One check: reads all that the snapshots in question need.</summary>
internal sealed class CheckRun(IRepository repository, BackupEngineOptions options, ProgressMeter meter)
{
    private const int ProblemsKept = 1000;
    private readonly ChunkStore store = new(repository);
    private readonly DigestSet right = new();
    private readonly ConcurrentQueue<CheckProblem> problems = [];
    private long snapshots;
    private long objects;
    private long bytes;
    private long problemCount;

    public async Task<CheckResult> RunAsync(string? snapshotId, CancellationToken cancellationToken)
    {
        using var buffers = new ChunkBuffers(options.Parallelism);
        if (snapshotId is not null)
        {
            SnapshotReader.ThrowIfInvalidId(snapshotId);
            await CheckAsync(snapshotId, buffers, cancellationToken);
        }
        else
        {
            await foreach (var (id, _) in SnapshotCatalog.IdsAsync(repository, cancellationToken))
            {
                await CheckAsync(id, buffers, cancellationToken);
            }
        }

        return new CheckResult(snapshots, objects, bytes, problemCount, [.. problems]);
    }

    private static bool IsDamage(BackupException error) => error.Code is
        BackupErrors.DataDamaged or BackupErrors.DataMissing or BackupErrors.SnapshotDamaged or BackupErrors.SnapshotNotFound
        or BackupErrors.FormatTooNew;

    private async Task CheckAsync(string snapshotId, ChunkBuffers buffers, CancellationToken cancellationToken)
    {
        snapshots++;
        try
        {
            var root = await SnapshotReader.GetAsync(repository, snapshotId, cancellationToken);
            meter.Expect(root.Snapshot.Files, root.Snapshot.Bytes);
            meter.TotalIsFinal();
            await Parallel.ForEachAsync(
                SnapshotReader.EntriesAsync(store, root, cancellationToken),
                new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken },
                async (entry, token) => await CheckAsync(snapshotId, entry, buffers, token));
            objects += root.Segments.Count;
            bytes += root.Segments.Sum(segment => (long)segment.Length);
        }
        catch (BackupException error) when (IsDamage(error))
        {
            Add(snapshotId, null, error);
        }
    }

    private async Task CheckAsync(string snapshotId, SnapshotEntry entry, ChunkBuffers buffers, CancellationToken cancellationToken)
    {
        if (entry.Skipped is not null)
        {
            return;
        }

        await ChunkFan.RunAsync(
            entry,
            buffers,
            async (chunk, content, _, token) =>
            {
                try
                {
                    await CheckAsync(entry.Chunks[chunk], content, token);
                }
                catch (BackupException error) when (IsDamage(error))
                {
                    Add(snapshotId, entry.Source.Path, error);
                }

                meter.Done(0, content.Length);
            },
            cancellationToken);
        meter.Done(1, 0);
    }

    private async Task CheckAsync(Sha256Digest digest, Memory<byte> content, CancellationToken cancellationToken)
    {
        if (!right.Contains(digest))
        {
            await store.ReadAsync(digest, content, cancellationToken);
            right.Add(digest);
            Interlocked.Increment(ref objects);
            Interlocked.Add(ref bytes, content.Length);
        }
    }

    private void Add(string snapshotId, string? path, BackupException error)
    {
        if (Interlocked.Increment(ref problemCount) <= ProblemsKept)
        {
            problems.Enqueue(new CheckProblem(snapshotId, path, error.Code, error.Message));
        }
    }
}
