using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup;

/// <summary>
/// Takes full snapshots, copies them between repositories, checks and restores them. Stateless: every method may be called any number of
/// times, at once, from several processes, and after any call was cut off.
/// </summary>
/// <remarks>
/// Data is stored in content-addressed chunks, manifests in content-addressed segments, and a snapshot becomes visible by the create-only
/// write of its root, the last write of all (docs/design.md). Every method throws <see cref="BackupException"/>.
/// </remarks>
public sealed class BackupEngine
{
    private readonly BackupEngineOptions options;
    private readonly TimeProvider time;

    /// <summary>An engine.</summary>
    /// <param name="options">Default: <see cref="BackupEngineOptions"/>'s defaults.</param>
    /// <param name="time">Default: the system's clock.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public BackupEngine(BackupEngineOptions? options = null, TimeProvider? time = null)
    {
        this.options = options ?? new BackupEngineOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(this.options.Parallelism, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(this.options.Parallelism, 64, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(this.options.SourceAttempts, 1, nameof(options));
        this.time = time ?? TimeProvider.System;
    }

    /// <summary>
    /// Takes a full snapshot. Idempotent by the request's id: when the snapshot is there, it is returned; what a killed attempt left is used
    /// after it was read and found right, and written again where it was not.
    /// </summary>
    public Task<Snapshot> BackupAsync(
        IBackupSource source,
        IRepository repository,
        SnapshotRequest request,
        IProgress<BackupProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(request);
        SnapshotReader.ThrowIfInvalidId(request.Id);
        return MeasureAsync(progress, meter => new BackupRun(source, repository, request, options, time, meter).RunAsync(cancellationToken));
    }

    /// <summary>Copies a snapshot, bit for bit; it becomes visible when all its data is there and was found right. Idempotent, resumes.</summary>
    public Task<CopyResult> CopyAsync(
        IRepository from,
        IRepository to,
        string snapshotId,
        IProgress<BackupProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        SnapshotReader.ThrowIfInvalidId(snapshotId);
        return MeasureAsync(progress, meter => new CopyRun(from, to, snapshotId, options, meter).RunAsync(cancellationToken));
    }

    /// <summary>
    /// Restores a snapshot. Every chunk is authenticated before it is written and a file appears under its name only whole; files that
    /// cannot be restored fail the call, by name, after all others are restored. Idempotent, resumes: files that are there are read, and
    /// left as they are when their content is right.
    /// </summary>
    public Task<RestoreResult> RestoreAsync(
        IRepository repository,
        string snapshotId,
        IRestoreTarget target,
        RestoreOptions? restoreOptions = null,
        IProgress<BackupProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(target);
        SnapshotReader.ThrowIfInvalidId(snapshotId);
        return MeasureAsync(
            progress,
            meter => new RestoreRun(repository, snapshotId, target, restoreOptions ?? new RestoreOptions(), options, meter).RunAsync(cancellationToken));
    }

    /// <summary>Reads and verifies all data of one snapshot, or of all. Damage is in the result; an exception means that it is not known.</summary>
    public Task<CheckResult> CheckAsync(
        IRepository repository,
        string? snapshotId = null,
        IProgress<BackupProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return MeasureAsync(progress, meter => new CheckRun(repository, options, meter).RunAsync(snapshotId, cancellationToken));
    }

    /// <summary>All visible snapshots, by restore point, oldest first; when some cannot be read, throws after all others.</summary>
    public async IAsyncEnumerable<Snapshot> ListAsync(
        IRepository repository, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        var (snapshots, damaged) = await SnapshotCatalog.ReadAsync(repository, options.Parallelism, cancellationToken);
        foreach (var snapshot in snapshots)
        {
            yield return snapshot;
        }

        if (damaged.Count > 0)
        {
            throw damaged[0];
        }
    }

    /// <summary>The snapshot of that id; null when there is none.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "The engine's callers know one front door.")]
    public async Task<Snapshot?> FindAsync(IRepository repository, string snapshotId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return (await SnapshotReader.FindAsync(repository, snapshotId, cancellationToken))?.Snapshot;
    }

    /// <summary>
    /// The visible snapshot with the newest restore point, of a workload and policy where they are given. What cannot be read is passed
    /// over and named in the result.
    /// </summary>
    /// <param name="repository">The repository.</param>
    /// <param name="workload">The workload; null for any.</param>
    /// <param name="policy">The policy; null for any.</param>
    /// <param name="onlyComplete">Whether snapshots that lack files are passed over as well.</param>
    /// <param name="exceptSource">Passes over what was taken of this source, by its <see cref="Snapshot.Source"/>; null for none.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="BackupException">The repository refuses or does not answer.</exception>
    [SuppressMessage("Performance", "CA1822", Justification = "The engine's callers know one front door.")]
    public Task<LatestSnapshot> LatestAsync(
        IRepository repository,
        string? workload = null,
        string? policy = null,
        bool onlyComplete = false,
        string? exceptSource = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return SnapshotCatalog.LatestAsync(repository, workload, policy, onlyComplete, exceptSource, cancellationToken);
    }

    private async Task<T> MeasureAsync<T>(IProgress<BackupProgress>? progress, Func<ProgressMeter, Task<T>> run)
    {
        var meter = new ProgressMeter(progress, time);
        var result = await run(meter);
        meter.End();
        return result;
    }
}
