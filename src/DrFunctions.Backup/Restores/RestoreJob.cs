using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
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
/// <remarks>Memory: what <see cref="PackwiseRestore"/> needs, and 40 bytes for each file of the target.</remarks>
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
        var few = await PrepareAsync(all(), cancellationToken);
        var writing = new PackwiseRestore(fetch, target, restore, options.Parallelism, meter, batchCost);
        try
        {
            await WriteAsync(few?.ToAsyncEnumerable() ?? all(), writing, cancellationToken);
        }
        finally
        {
            await target.EndAsync(CancellationToken.None);
        }

        ThrowIfFailed(writing.Failures);
        if (restore.DeleteExtra)
        {
            await DeleteExtraAsync(cancellationToken);
        }

        return new RestoreResult(snapshot.Snapshot, writing.FilesWritten, filesUnchanged, filesDeleted, writing.BytesWritten, bytesUnchanged);
    }

    private static UInt128 KeyOf(string path)
    {
        var digest = Sha256Digest.Of(Encoding.UTF8.GetBytes(path));
        return new UInt128(digest.A, digest.B);
    }

    private async IAsyncEnumerable<ManifestEntry> EntriesAsync(
        ManifestReader manifest, SealedSnapshot snapshot, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in manifest.EntriesAsync(snapshot.Manifest, snapshotId, cancellationToken))
        {
            if (entry is { Skipped: null, Source.Kind: EntryKind.File } && restore.Include?.Invoke(entry.Source.Path) != false)
            {
                yield return entry;
            }
        }
    }

    // All paths are judged before anything is written. What fits into one batch is kept, and need not be read again.
    private async Task<List<ManifestEntry>?> PrepareAsync(IAsyncEnumerable<ManifestEntry> entries, CancellationToken cancellationToken)
    {
        List<ManifestEntry>? kept = [];
        var cost = 0L;
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            target.Validate(entry.Source.Path);
            meter.Expect(1, entry.Source.Length);
            if (restore.DeleteExtra)
            {
                wanted.Add(KeyOf(entry.Source.Path));
            }

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
                async (entry, token) => (Entry: entry, IsRight: await IsRightAsync(entry, token)),
                (one, token) => one.IsRight ? Task.CompletedTask : writing.AddAsync(one.Entry, token),
                cancellationToken);
            await writing.CompleteAsync(cancellationToken);
        }
    }

    private async Task<bool> IsRightAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        if (present.Count == 0 || !present.TryGetValue(KeyOf(entry.Source.Path), out var length)
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
        await foreach (var file in target.ListAsync(cancellationToken))
        {
            if (restore.Include?.Invoke(file.Path) != false && !wanted.Contains(KeyOf(file.Path)))
            {
                await target.DeleteAsync(file.Path, cancellationToken);
                filesDeleted++;
            }
        }
    }
}
