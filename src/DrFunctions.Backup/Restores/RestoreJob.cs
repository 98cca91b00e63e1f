using System.Buffers;
using System.Runtime.CompilerServices;
using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup.Restores;

/// <summary>
/// One restore. Judges all paths before it writes, shows each file whole, leaves those alone whose content is right, and names those it cannot restore after all others are
/// there: so it may be killed and run again.
/// </summary>
/// <param name="repository">Where the snapshot is.</param>
/// <param name="snapshotId">Which.</param>
/// <param name="target">Where to.</param>
/// <param name="restore">What else to do.</param>
/// <param name="options">How much at once.</param>
/// <param name="meter">Counts.</param>
/// <param name="batchCost">Bytes of memory, about, that the files take which are restored together.</param>
/// <remarks>Memory: what <see cref="PackwiseRestore"/> and <see cref="TreeRestore"/> need, and 40 bytes for each file of the target.</remarks>
internal sealed class RestoreJob(
    OpenedRepository repository,
    string snapshotId,
    IRestoreTarget target,
    RestoreOptions restore,
    BackupEngineOptions options,
    ProgressMeter meter,
    long batchCost = RestoreBatch.MostCost)
{
    private const int FailuresNamed = 10;
    private readonly Dictionary<UInt128, long> present = [];
    private readonly HashSet<UInt128> wanted = [];
    private long filesUnchanged;
    private long bytesUnchanged;
    private long filesDeleted;

    /// <summary>Restores.</summary>
    /// <exception cref="BackupException">Also <see cref="BackupErrors.UnsafePath"/>, before anything is written.</exception>
    public async Task<RestoreResult> RunAsync(CancellationToken cancellationToken)
    {
        var snapshot = await new SnapshotStore(repository).GetAsync(snapshotId, cancellationToken);
        var index = await RepositoryIndex.OpenAsync(repository, cancellationToken);
        using var fetch = new ChunkFetch(repository, index);
        var manifest = new ManifestReader(fetch);
        var all = () => EntriesAsync(manifest, snapshot, cancellationToken);
        var tree = new TreeRestore(target, restore, meter);
        var few = await PrepareAsync(all(), tree, cancellationToken);
        var writing = new PackwiseRestore(fetch, target, restore, options.Parallelism, meter, batchCost);
        try
        {
            await WriteAsync(few?.ToAsyncEnumerable() ?? all().Where(entry => !tree.HasTaken(entry.Source)), writing, cancellationToken);
            await tree.MakeAsync(cancellationToken);
        }
        finally
        {
            await target.EndAsync(CancellationToken.None);
        }

        try
        {
            // Also when files failed: the others are there as they were.
            await tree.FinishAsync(cancellationToken);
        }
        finally
        {
            await target.EndAsync(CancellationToken.None);
        }

        ThrowIfFailed([.. writing.Failures, .. tree.Failures]);
        if (restore.DeleteExtra)
        {
            await DeleteExtraAsync(cancellationToken);
        }

        return new RestoreResult(snapshot.Snapshot, writing.FilesWritten + tree.Made, filesUnchanged, filesDeleted, writing.BytesWritten, bytesUnchanged) { Notes = tree.Notes };
    }

    /// <summary>Says what <see cref="RunAsync"/> would do; what is there is read and compared, and nothing is written.</summary>
    /// <exception cref="BackupException">As <see cref="RunAsync"/>.</exception>
    public async Task<RestorePreview> PreviewAsync(CancellationToken cancellationToken)
    {
        var snapshot = await new SnapshotStore(repository).GetAsync(snapshotId, cancellationToken);
        var index = await RepositoryIndex.OpenAsync(repository, cancellationToken);
        using var fetch = new ChunkFetch(repository, index);
        var manifest = new ManifestReader(fetch);
        var tree = new TreeRestore(target, restore, meter);
        var few = await PrepareAsync(EntriesAsync(manifest, snapshot, cancellationToken), tree, cancellationToken);
        var (created, overwritten, bytes) = (0L, 0L, 0L);
        await OrderedWork.RunAsync(
            few?.ToAsyncEnumerable() ?? EntriesAsync(manifest, snapshot, cancellationToken).Where(entry => !tree.HasTaken(entry.Source)),
            options.Parallelism,
            async (entry, token) => (Entry: entry, IsRight: await IsRightAsync(entry, token)),
            (one, _) =>
            {
                if (!one.IsRight)
                {
                    var isThere = present.ContainsKey(KeyOf(one.Entry.Source.Path));
                    (created, overwritten, bytes) = (created + (isThere ? 0 : 1), overwritten + (isThere ? 1 : 0), bytes + one.Entry.Source.Length);
                    meter.Done(1, one.Entry.Source.ContentLength);
                }

                return Task.CompletedTask;
            },
            cancellationToken);
        return new RestorePreview(snapshot.Snapshot, created, overwritten, filesUnchanged, restore.DeleteExtra ? await ExtraAsync(cancellationToken).LongCountAsync(cancellationToken) : 0, bytes, bytesUnchanged)
        {
            Others = tree.Others,
            Impossible = [.. tree.Failures.Select(failure => failure.Message)],
            Notes = tree.Notes,
        };
    }

    private static UInt128 KeyOf(string path)
    {
        var digest = Sha256Digest.Of(PathText.BytesOf(path));
        return new UInt128(digest.A, digest.B);
    }

    private async IAsyncEnumerable<ManifestEntry> EntriesAsync(
        ManifestReader manifest, SealedSnapshot snapshot, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in manifest.EntriesAsync(snapshot.Manifest, snapshotId, cancellationToken))
        {
            if (entry.Skipped is null && restore.Include?.Invoke(entry.Source.Path) != false)
            {
                yield return entry;
            }
        }
    }

    // All paths are judged before anything is written. What fits into one batch is kept, and need not be read again.
    private async Task<List<ManifestEntry>?> PrepareAsync(IAsyncEnumerable<ManifestEntry> entries, TreeRestore tree, CancellationToken cancellationToken)
    {
        List<ManifestEntry>? kept = [];
        var cost = 0L;
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            if (restore.DeleteExtra)
            {
                wanted.Add(KeyOf(entry.Source.Path));
            }

            if (tree.TryTake(entry))
            {
                continue;
            }

            meter.Expect(1, entry.Source.ContentLength);
            cost += RestoreBatch.CostOf(entry);
            kept?.Add(entry);
            if (cost > batchCost)
            {
                kept = null;
            }
        }

        meter.TotalIsFinal();
        await foreach (var file in target.ListAsync(cancellationToken))
        {
            present[KeyOf(file.Path)] = file.Length;
        }

        return kept;
    }

    private async Task WriteAsync(IAsyncEnumerable<ManifestEntry> entries, PackwiseRestore writing, CancellationToken cancellationToken)
    {
        await using (writing)
        {
            await OrderedWork.RunAsync(
                entries,
                options.Parallelism,
                async (entry, token) => (Entry: entry, IsRight: await IsLeftAsync(entry, token)),
                (one, token) => one.IsRight ? Task.CompletedTask : writing.AddAsync(one.Entry, token),
                cancellationToken);
            await writing.CompleteAsync(cancellationToken);
        }
    }

    // What is right is left, and gets what else it had.
    private async Task<bool> IsLeftAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        if (!await IsRightAsync(entry, cancellationToken))
        {
            return false;
        }

        if (target is ITreeTarget tree && entry.Source.Unix is not null)
        {
            await tree.FinishAsync(entry.Source, cancellationToken);
        }

        return true;
    }

    private async Task<bool> IsRightAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        // What has holes is written again: to compare it costs as much.
        if (present.Count == 0 || entry.Source.Holes.Count > 0 || !present.TryGetValue(KeyOf(entry.Source.Path), out var length)
            || length != entry.Source.Length
            || !await Task.Run(() => CompareAsync(entry, cancellationToken), cancellationToken))
        {
            return false;
        }

        Interlocked.Increment(ref filesUnchanged);
        Interlocked.Add(ref bytesUnchanged, length);
        meter.Done(1, length);
        return true;
    }

    private async Task<bool> CompareAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        await using var content = await target.OpenReadAsync(entry.Source.Path, cancellationToken);
        if (content is null)
        {
            return false;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(entry.Chunks.Count == 0 ? 1 : entry.Chunks.Max(chunk => chunk.Length));
        try
        {
            foreach (var chunk in entry.Chunks)
            {
                var part = buffer.AsMemory(0, chunk.Length);
                var read = await content.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, cancellationToken);
                if (read < part.Length || repository.Keys.NameOf(part.Span) != chunk.Id)
                {
                    return false;
                }
            }

            return await content.ReadAsync(buffer.AsMemory(0, 1), cancellationToken) == 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // A file that cannot be restored does not keep the others from it.
    private void ThrowIfFailed(IReadOnlyCollection<BackupException> failures)
    {
        if (failures.Count == 0)
        {
            return;
        }

        var named = string.Join("; ", failures.Take(FailuresNamed).Select(failure => failure.Message));
        var first = failures.First();
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
        await foreach (var path in ExtraAsync(cancellationToken))
        {
            await target.DeleteAsync(path, cancellationToken);
            filesDeleted++;
        }
    }

    private IAsyncEnumerable<string> ExtraAsync(CancellationToken cancellationToken) => target.ListAsync(cancellationToken)
        .Where(file => restore.Include?.Invoke(file.Path) != false && !wanted.Contains(KeyOf(file.Path)))
        .Select(file => file.Path);
}
