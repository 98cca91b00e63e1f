using System.Collections.Concurrent;
using System.Text;
using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Targets;

namespace DrFunctions.Backup.Transfers;

/// <summary>One restore. Keeps 16 bytes and a length in memory for each file of the target, never a path.</summary>
internal sealed class RestoreRun(
    IRepository repository, string snapshotId, IRestoreTarget target, RestoreOptions restore, BackupEngineOptions options, ProgressMeter meter)
{
    private const int FailuresNamed = 10;
    private readonly ChunkStore store = new(repository);
    private readonly Dictionary<UInt128, long> present = [];
    private readonly HashSet<UInt128> wanted = [];
    private readonly ConcurrentQueue<BackupException> failures = [];
    private long filesWritten;
    private long filesUnchanged;
    private long filesDeleted;
    private long bytesWritten;
    private long bytesUnchanged;

    public async Task<RestoreResult> RunAsync(CancellationToken cancellationToken)
    {
        var root = await SnapshotReader.GetAsync(repository, snapshotId, cancellationToken);
        meter.Expect(root.Snapshot.Files, root.Snapshot.Bytes);
        meter.TotalIsFinal();
        await PrepareAsync(root, cancellationToken);
        using var buffers = new ChunkBuffers(options.Parallelism);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken };
        try
        {
            await Parallel.ForEachAsync(
                SnapshotReader.EntriesAsync(store, root, cancellationToken),
                parallel,
                async (entry, token) => await RestoreAsync(entry, buffers, token));
        }
        finally
        {
            await target.EndAsync(CancellationToken.None);
        }

        ThrowIfFailed();
        if (restore.DeleteExtra)
        {
            await DeleteExtraAsync(cancellationToken);
        }

        return new RestoreResult(root.Snapshot, filesWritten, filesUnchanged, filesDeleted, bytesWritten, bytesUnchanged);
    }

    private static UInt128 KeyOf(string path)
    {
        var digest = Sha256Digest.Of(Encoding.UTF8.GetBytes(path));
        return new UInt128(digest.A, digest.B);
    }

    // The whole manifest is read, and every path judged, before anything is written.
    private async Task PrepareAsync(SnapshotRoot root, CancellationToken cancellationToken)
    {
        await foreach (var entry in SnapshotReader.EntriesAsync(store, root, cancellationToken))
        {
            if (entry.Skipped is null)
            {
                target.Validate(entry.Source.Path);
            }

            if (restore.DeleteExtra)
            {
                wanted.Add(KeyOf(entry.Source.Path));
            }
        }

        await foreach (var file in target.ListAsync(cancellationToken))
        {
            present[KeyOf(file.Path)] = file.Length;
        }
    }

    private async Task RestoreAsync(SnapshotEntry entry, ChunkBuffers buffers, CancellationToken cancellationToken)
    {
        if (entry.Skipped is not null)
        {
            return;
        }

        if (present.TryGetValue(KeyOf(entry.Source.Path), out var length)
            && length == entry.Source.Length
            && await IsRightAsync(entry, buffers, cancellationToken))
        {
            Interlocked.Increment(ref filesUnchanged);
            Interlocked.Add(ref bytesUnchanged, length);
            meter.Done(1, length);
            return;
        }

        try
        {
            await using var writer = await target.BeginAsync(entry.Source, cancellationToken);
            await ChunkFan.RunAsync(entry, buffers, (chunk, content, _, token) => WriteAsync(writer, entry, chunk, content, token), cancellationToken);
            await restore.BeforeCommit(cancellationToken);
            await writer.CommitAsync(cancellationToken);
            Interlocked.Increment(ref filesWritten);
            Interlocked.Add(ref bytesWritten, entry.Source.Length);
            meter.Done(1, 0);
        }
        catch (BackupException error) when (error.Code is BackupErrors.DataMissing or BackupErrors.DataDamaged)
        {
            failures.Enqueue(new BackupException(error.Code, $"'{entry.Source.Path}': {error.Message}", error.IsTransient, error.Hint, error));
        }
    }

    private async Task WriteAsync(IRestoreWriter writer, SnapshotEntry entry, int chunk, Memory<byte> content, CancellationToken cancellationToken)
    {
        await store.ReadAsync(entry.Chunks[chunk], content, cancellationToken);
        await writer.WriteAsync(SnapshotEntry.OffsetOf(chunk), content, cancellationToken);
        meter.Done(0, content.Length);
    }

    private async Task<bool> IsRightAsync(SnapshotEntry entry, ChunkBuffers buffers, CancellationToken cancellationToken)
    {
        await using var content = await target.OpenReadAsync(entry.Source.Path, cancellationToken);
        if (content is null)
        {
            return false;
        }

        using var buffer = await buffers.RentAsync(cancellationToken);
        for (var chunk = 0; chunk < entry.Chunks.Count; chunk++)
        {
            var part = buffer.Memory[..entry.LengthOf(chunk)];
            var read = await content.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, cancellationToken);
            if (read < part.Length || Sha256Digest.Of(part.Span) != entry.Chunks[chunk])
            {
                return false;
            }
        }

        return await content.ReadAsync(buffer.Memory[..1], cancellationToken) == 0;
    }

    // A file that cannot be restored does not keep the others from it.
    private void ThrowIfFailed()
    {
        if (!failures.TryPeek(out var first))
        {
            return;
        }

        var named = string.Join("; ", failures.Take(FailuresNamed).Select(failure => failure.Message));
        throw new BackupException(
            first.Code,
            $"{failures.Count} file(s) of snapshot '{snapshotId}' cannot be restored: {named}{(failures.Count > FailuresNamed ? "; …" : "")}. "
                + $"All others are in {target.Description}.",
            isTransient: false,
            first.Hint,
            first);
    }

    private async Task DeleteExtraAsync(CancellationToken cancellationToken)
    {
        await foreach (var file in target.ListAsync(cancellationToken))
        {
            if (!wanted.Contains(KeyOf(file.Path)))
            {
                await target.DeleteAsync(file.Path, cancellationToken);
                filesDeleted++;
            }
        }
    }
}
