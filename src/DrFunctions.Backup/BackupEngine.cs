using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using DrFunctions.Backup.Backups;
using DrFunctions.Backup.Checks;
using DrFunctions.Backup.Chunking;
using DrFunctions.Backup.Copies;
using DrFunctions.Backup.Holds;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Listings;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Repairs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Restores;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup;

/// <summary>
/// Makes and opens repositories, takes snapshots into them, copies, checks, lists, compares, restores and prunes them. Stateless: every method may be called any number of
/// times, at once, from several processes, and after any call was cut off.
/// </summary>
/// <remarks>
/// Files are cut into chunks by their content, chunks are stored once, compressed and encrypted, and a snapshot becomes visible by the create-only write that is the last one
/// of a backup (docs/design.md, section 7). Every method throws <see cref="BackupException"/>.
/// </remarks>
[SuppressMessage("Performance", "CA1822", Justification = "The engine's callers know one front door.")]
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
    /// Makes a repository. Nothing of one that is there is changed. A place in another region is not made but copied to: <see cref="CopyAsync"/>.
    /// </summary>
    /// <param name="objects">Where.</param>
    /// <param name="secrets">By slot's name, what will open it; two at least, so that the loss of one is not the loss of all.</param>
    /// <param name="cancellationToken">Stops it; the next attempt makes the repository.</param>
    /// <returns>The caller's to dispose.</returns>
    /// <exception cref="ArgumentException">There are fewer than two secrets, or more than 64.</exception>
    /// <exception cref="BackupException"><see cref="BackupErrors.RepositoryExists"/>, a secret's, or the storage's.</exception>
    public Task<OpenedRepository> CreateAsync(
        IRepository objects, IReadOnlyDictionary<string, IKeyWrapper> secrets, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(objects);
        ArgumentNullException.ThrowIfNull(secrets);
        return OpenedRepository.CreateAsync(
            objects, secrets, ChunkingParameters.Default, RepositoryConfig.DefaultPackLength, time.GetUtcNow(), cancellationToken);
    }

    /// <summary>Opens a repository with the first of several secrets that opens one of its slots.</summary>
    /// <param name="objects">Where it is.</param>
    /// <param name="secrets">In the order in which they are tried.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The caller's to dispose.</returns>
    /// <exception cref="BackupException">
    /// <see cref="BackupErrors.NoRepository"/>, <see cref="BackupErrors.WrongSecret"/>, <see cref="BackupErrors.KeyUnavailable"/>, <see cref="BackupErrors.DataDamaged"/>,
    /// <see cref="BackupErrors.FormatTooNew"/>, or the storage's.
    /// </exception>
    public Task<OpenedRepository> OpenAsync(IRepository objects, IReadOnlyList<IKeyWrapper> secrets, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(objects);
        ArgumentNullException.ThrowIfNull(secrets);
        return OpenedRepository.OpenAsync(objects, secrets, cancellationToken, time);
    }

    /// <summary>
    /// Takes a snapshot. Idempotent by the request's id: when the snapshot is there, it is returned; what a killed attempt made durable is not uploaded again.
    /// </summary>
    public Task<Snapshot> BackupAsync(
        IBackupSource source,
        OpenedRepository repository,
        SnapshotRequest request,
        IProgress<BackupProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(request);
        SnapshotId.ThrowIfInvalid(request.Id);
        return MeasureAsync(progress, meter => new BackupJob(repository, source, request, options, time, meter).RunAsync(cancellationToken));
    }

    /// <summary>Says what a backup would do, by what is listed; writes nothing at all. What changes meanwhile, and what is stored already, only the backup finds out.</summary>
    public Task<BackupPreview> PreviewBackupAsync(
        IBackupSource source, OpenedRepository repository, SnapshotRequest request, IProgress<BackupProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(request);
        SnapshotId.ThrowIfInvalid(request.Id);
        return MeasureAsync(progress, meter => new BackupPreviewJob(repository, source, request, time, meter).RunAsync(cancellationToken));
    }

    /// <summary>
    /// Makes another place hold all that the repository shows: a repository that the same secrets open, and that restores alone. What is there already is not sent again, so
    /// that it may be cut off and run again, in either direction between two copies.
    /// </summary>
    /// <param name="from">The repository.</param>
    /// <param name="to">The other place: nothing, or a copy of the same repository.</param>
    /// <param name="copyOptions">How; default <see cref="CopyOptions"/>'s defaults.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BackupException">
    /// <see cref="BackupErrors.RepositoryExists"/>: another repository is there; <see cref="BackupErrors.SnapshotConflict"/>; something of the origin is damaged: then no
    /// snapshot is shown that was not there before.
    /// </exception>
    public Task<RepositoryCopy> CopyAsync(
        OpenedRepository from, IRepository to, CopyOptions? copyOptions = null, IProgress<BackupProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        return MeasureAsync(progress, meter => new CopyJob(from, to, meter, copyOptions).RunAsync(cancellationToken));
    }

    /// <summary>
    /// Restores a snapshot. Every chunk is authenticated before it is written and a file appears under its name only whole; files that
    /// cannot be restored fail the call, by name, after all others are restored. Idempotent, resumes: files that are there are read, and
    /// left as they are when their content is right.
    /// </summary>
    public Task<RestoreResult> RestoreAsync(
        OpenedRepository repository,
        string snapshotId,
        IRestoreTarget target,
        RestoreOptions? restoreOptions = null,
        IProgress<BackupProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(target);
        SnapshotId.ThrowIfInvalid(snapshotId);
        return MeasureAsync(
            progress,
            meter => new RestoreJob(repository, snapshotId, target, restoreOptions ?? new RestoreOptions(), options, meter).RunAsync(cancellationToken));
    }

    /// <summary>Says what a restore would do: what is there is read and compared, and nothing is written. Whether all of the snapshot can be read is for <see cref="CheckAsync"/>.</summary>
    /// <exception cref="BackupException">Also <see cref="BackupErrors.UnsafePath"/>, as the restore would.</exception>
    public Task<RestorePreview> PreviewRestoreAsync(
        OpenedRepository repository,
        string snapshotId,
        IRestoreTarget target,
        RestoreOptions? restoreOptions = null,
        IProgress<BackupProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(target);
        SnapshotId.ThrowIfInvalid(snapshotId);
        return MeasureAsync(
            progress,
            meter => new RestoreJob(repository, snapshotId, target, restoreOptions ?? new RestoreOptions(), options, meter).PreviewAsync(cancellationToken));
    }

    /// <summary>
    /// Writes one file of a snapshot to a stream, from its first byte to its last. Every byte is authenticated before it is written; what cannot be read ends it there, with an
    /// exception: then what was written is right, and not all. Holes are written as zeros, or passed over where the stream can seek.
    /// </summary>
    /// <param name="repository">The repository.</param>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="path">The file, exactly as <see cref="ListFilesAsync"/> names it.</param>
    /// <param name="output">Takes the content; the caller's to dispose. Its own exceptions are passed on.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.SnapshotNotFound"/> or <see cref="BackupErrors.FileNotFound"/>, before anything is written; or something cannot be read.</exception>
    public Task<SnapshotFile> DumpAsync(
        OpenedRepository repository, string snapshotId, string path, Stream output, IProgress<BackupProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(output);
        SnapshotId.ThrowIfInvalid(snapshotId);
        return MeasureAsync(progress, meter => new FileDump(repository, snapshotId, path, meter).RunAsync(output, cancellationToken));
    }

    /// <summary>
    /// Looks at every snapshot, its manifest and whether the packs of all its chunks are there, and reads as many packs as the options say. Damage is in the result; an
    /// exception means that it is not known.
    /// </summary>
    public Task<RepositoryCheckResult> CheckAsync(
        OpenedRepository repository,
        RepositoryCheckOptions? checkOptions = null,
        IProgress<BackupProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        checkOptions ??= new RepositoryCheckOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(checkOptions.Turns, nameof(checkOptions));
        ArgumentOutOfRangeException.ThrowIfNegative(checkOptions.Turn, nameof(checkOptions));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checkOptions.Turn, Math.Max(0, checkOptions.Turns - 1), nameof(checkOptions));
        return MeasureAsync(progress, meter => new CheckJob(repository, checkOptions, meter).RunAsync(cancellationToken));
    }

    /// <summary>
    /// Heals a repository from its copy and from the source, as far as the options name them. What could not be saved is in the result. May be cut off and run again at any time,
    /// beside readers and writers: at no point can less be restored than before.
    /// </summary>
    /// <param name="objects">The repository; it need not open, where the copy does.</param>
    /// <param name="secrets">What opens it and the copy, in the order in which it is tried.</param>
    /// <param name="repairOptions">What may be used; default nothing but the repository itself.</param>
    /// <param name="progress">Told how far the verification is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BackupException">
    /// The repository does not open and the copy could not help; <see cref="BackupErrors.RepositoryExists"/>: what was given as the copy is another repository; or the storage's.
    /// </exception>
    public Task<RepairResult> RepairAsync(
        IRepository objects,
        IReadOnlyList<IKeyWrapper> secrets,
        RepairOptions? repairOptions = null,
        IProgress<BackupProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(objects);
        ArgumentNullException.ThrowIfNull(secrets);
        return new RepositoryRepair(objects, secrets, repairOptions ?? new RepairOptions(), time).RunAsync(progress, cancellationToken);
    }

    /// <summary>All visible snapshots, by restore point, oldest first; when some cannot be read, throws after all others.</summary>
    public async IAsyncEnumerable<Snapshot> ListAsync(
        OpenedRepository repository, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        var (snapshots, damaged) = await SearchOf(repository).AllAsync(cancellationToken);
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
    public async Task<Snapshot?> FindAsync(OpenedRepository repository, string snapshotId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return (await new SnapshotStore(repository).FindAsync(snapshotId, cancellationToken))?.Snapshot;
    }

    /// <summary>The visible snapshot with the newest restore point of those that fit. What cannot be read is passed over and named in the result.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="filter">Which ones; default all.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="BackupException">The repository refuses or does not answer.</exception>
    public Task<LatestSnapshot> LatestAsync(OpenedRepository repository, SnapshotFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return SearchOf(repository).LatestAsync(filter ?? new SnapshotFilter(), cancellationToken);
    }

    /// <summary>What a snapshot relied on when it was taken, from itself back to the full one.</summary>
    /// <exception cref="BackupException"><see cref="BackupErrors.SnapshotNotFound"/>, or it cannot be read.</exception>
    public Task<SnapshotChain> ChainAsync(OpenedRepository repository, string snapshotId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return SearchOf(repository).ChainAsync(snapshotId, cancellationToken);
    }

    /// <summary>The files of a snapshot, in the order of their paths' UTF-8 bytes. Memory: a few pieces of the manifest, however many files it has.</summary>
    /// <exception cref="BackupException"><see cref="BackupErrors.SnapshotNotFound"/>, or something cannot be read: then what came before is right.</exception>
    public IAsyncEnumerable<SnapshotFile> ListFilesAsync(OpenedRepository repository, string snapshotId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return new ManifestListing(repository).FilesAsync(snapshotId, cancellationToken);
    }

    /// <summary>The files that are not the same in two snapshots of a repository, in the order of their paths. Memory: as <see cref="ListFilesAsync"/>, twice.</summary>
    /// <exception cref="BackupException">As <see cref="ListFilesAsync"/>.</exception>
    public IAsyncEnumerable<FileDifference> DiffAsync(
        OpenedRepository repository, string beforeId, string afterId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return new ManifestListing(repository).DifferencesAsync(beforeId, afterId, cancellationToken);
    }

    /// <summary>
    /// Removes what nothing inside its retention needs: snapshots that no rule keeps or that are named, and then, in steps of which a later prune takes the next, packs that no snapshot needs
    /// (docs/design.md, section 7). May be killed anywhere and run beside backups, restores, copies and other prunes. The snapshots themselves are gone at once: a reader of one
    /// that goes has the grace to end.
    /// </summary>
    /// <param name="repository">The repository.</param>
    /// <param name="pruneOptions">What goes; default: no snapshot, only what none needs.</param>
    /// <param name="progress">Told how many snapshots were looked at, as files, and how many bytes were removed.</param>
    /// <param name="cancellationToken">Stops it; what was done until then is whole, and the next prune goes on.</param>
    /// <returns>What was done, or with <see cref="PruneOptions.DryRun"/> would be. What the storage refuses, and what blocks, is in it.</returns>
    /// <exception cref="ArgumentException">The options contradict themselves; the message says how.</exception>
    /// <exception cref="BackupException"><see cref="BackupErrors.SnapshotHeld"/>: a snapshot that is given up is, or may be, under a legal hold; nothing was done. Or the storage's.</exception>
    public async Task<PruneResult> PruneAsync(
        OpenedRepository repository, PruneOptions? pruneOptions = null, IProgress<BackupProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        pruneOptions ??= new PruneOptions();
        if (pruneOptions.Mistake is { } mistake)
        {
            throw new ArgumentException(mistake, nameof(pruneOptions));
        }

        foreach (var id in pruneOptions.Remove.Concat(pruneOptions.GivenUp))
        {
            SnapshotId.ThrowIfInvalid(id);
        }

        await new HoldStore(repository).ThrowIfHeldAsync(pruneOptions.GivenUp, cancellationToken);
        return await MeasureAsync(progress, meter => new PruneJob(repository, pruneOptions, time, meter).RunAsync(cancellationToken));
    }

    /// <summary>
    /// Puts a legal hold on a snapshot, or on a workload's snapshots, those to come too: no prune that begins after it removes them. One that is there already is replaced.
    /// </summary>
    /// <param name="repository">The repository. Its copies have holds of their own: put it there as well.</param>
    /// <param name="hold">The hold; its texts have 1 to 1000 characters, not only spaces.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentException">It names neither a snapshot nor a workload, or both, or nobody, or no reason, or an id that is none.</exception>
    /// <exception cref="BackupException"><see cref="BackupErrors.SnapshotNotFound"/>: there is no hold then. Or the storage's.</exception>
    public Task HoldAsync(OpenedRepository repository, LegalHold hold, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(hold);
        return new HoldStore(repository).CreateAsync(hold, cancellationToken);
    }

    /// <summary>Takes a legal hold off, also one that cannot be read. Idempotent.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="snapshot">The snapshot it is on; null when it is on a workload.</param>
    /// <param name="workload">The workload it is on; null when it is on a snapshot.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>False when there was none.</returns>
    /// <exception cref="ArgumentException">Neither is given, or both, or an id that is none.</exception>
    /// <exception cref="BackupException">The storage's, also that it refuses.</exception>
    public Task<bool> ReleaseAsync(OpenedRepository repository, string? snapshot, string? workload, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return new HoldStore(repository).RemoveAsync(snapshot, workload, cancellationToken);
    }

    /// <summary>All legal holds. Memory: some 3 KB each at most.</summary>
    /// <exception cref="BackupException">The storage's. A hold that cannot be read is in the list, and holds.</exception>
    public Task<HoldList> ListHoldsAsync(OpenedRepository repository, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return new HoldStore(repository).ListAsync(cancellationToken);
    }

    private static SnapshotSearch SearchOf(OpenedRepository repository) => new(new SnapshotStore(repository), repository.Description);

    private async Task<T> MeasureAsync<T>(IProgress<BackupProgress>? progress, Func<ProgressMeter, Task<T>> run)
    {
        var meter = new ProgressMeter(progress, time);
        var result = await run(meter);
        meter.End();
        return result;
    }
}
