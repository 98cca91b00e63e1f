using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;

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
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Copies a snapshot, bit for bit; it becomes visible when all its data is there and was found right. Idempotent, resumes.</summary>
    public Task<CopyResult> CopyAsync(
        IRepository from,
        IRepository to,
        string snapshotId,
        IProgress<BackupProgress>? progress = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>
    /// Restores a snapshot. Every chunk is authenticated before it is written and a file appears under its name only whole; a file that
    /// cannot be restored fails the call by name. Idempotent, resumes: files that are there are read and skipped if they are right.
    /// </summary>
    public Task<RestoreResult> RestoreAsync(
        IRepository repository,
        string snapshotId,
        IRestoreTarget target,
        RestoreOptions? restoreOptions = null,
        IProgress<BackupProgress>? progress = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Reads and verifies all data of one snapshot, or of all. Damage is in the result; an exception means that it is not known.</summary>
    public Task<CheckResult> CheckAsync(
        IRepository repository,
        string? snapshotId = null,
        IProgress<BackupProgress>? progress = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>All visible snapshots, by restore point, oldest first. One whose root is damaged throws.</summary>
    public IAsyncEnumerable<Snapshot> ListAsync(IRepository repository, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The snapshot of that id; null when there is none.</summary>
    public Task<Snapshot?> FindAsync(IRepository repository, string snapshotId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The visible snapshot with the newest restore point, of a workload and policy where they are given; null when there is none.</summary>
    public Task<Snapshot?> LatestAsync(
        IRepository repository,
        string? workload = null,
        string? policy = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
