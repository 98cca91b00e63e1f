using DrFunctions.Backup.Backups;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup.Shards;

/// <summary>
/// A backup that several processes take, each some shards: begin, plan until all is planned, take each shard until nothing is left of it, commit. Every method may be called
/// any number of times, at once, from several processes, and after any call was cut off: what is durable is not uploaded again, and the snapshot is visible when all
/// of it is there.
/// </summary>
/// <param name="repository">Where to.</param>
/// <param name="source">What.</param>
/// <param name="request">What it is called, and may rely on.</param>
/// <param name="options">How much at once; default: <see cref="BackupEngineOptions"/>'s defaults.</param>
/// <param name="time">Default: the system's clock.</param>
/// <remarks>
/// Memory: that of a backup. A file is read by one call, so that the largest must be read within the time that a call may take. Every method throws
/// <see cref="BackupException"/>.
/// </remarks>
public sealed class ShardedBackup(
    OpenedRepository repository, IPagedSource source, SnapshotRequest request, BackupEngineOptions? options = null, TimeProvider? time = null)
{
    // 20 pages of 5,000 blobs are some seconds.
    private const int PagesPerPlan = 20;

    private readonly BackupEngineOptions options = options ?? new BackupEngineOptions();
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private readonly SnapshotStore snapshots = new(repository);
    private readonly ShardStore parts = new(repository, request.Id);

    /// <summary>Begins, or finds what was begun.</summary>
    /// <returns>The snapshot, when it is there already; else null.</returns>
    public async Task<Snapshot?> BeginAsync(CancellationToken cancellationToken)
    {
        if (await snapshots.FindTakenAsync(request, cancellationToken) is { } taken)
        {
            await CleanUpAsync(cancellationToken);
            return taken;
        }

        await Checkpoint.Shared(repository, request.Id, time).BeginAsync(cancellationToken);
        var now = time.GetUtcNow();
        var restorePoint = request.RestorePoint is { } claimed && claimed < now ? claimed : now;
        var parent = await snapshots.FindParentAsync(request, source.Description, now, cancellationToken);
        Same(await parts.BeginAsync(
            new ShardBeginning(source.Description, restorePoint, parent?.Snapshot.Id, parent?.Snapshot.FullOfChildren), cancellationToken));
        return null;
    }

    /// <summary>Plans shards of the source, for some seconds of listing.</summary>
    /// <param name="from">The last plan's <see cref="ShardPlan.Next"/>; null for the beginning.</param>
    /// <param name="limits">How much a shard is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<ShardPlan> PlanAsync(ShardPosition? from, ShardLimits limits, CancellationToken cancellationToken) =>
        ShardPlanner.PlanAsync(source, from, limits, PagesPerPlan, cancellationToken);

    /// <summary>Takes a shard, or as much of it as can be taken in some time.</summary>
    /// <param name="shard">Which.</param>
    /// <param name="budget">After so long no other file is begun.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<ShardTaken> TakeAsync(BackupShard shard, TimeSpan budget, IProgress<BackupProgress>? progress, CancellationToken cancellationToken)
    {
        var kept = await parts.FindAsync(shard.From, cancellationToken);
        if (kept is null)
        {
            // Who comes when the snapshot is there, and what was kept for it is gone, has nothing left to take.
            if (await parts.FindBeginningAsync(cancellationToken) is not { } beginning)
            {
                return await snapshots.FindTakenAsync(request, cancellationToken) is not null ? new ShardTaken(0, 0, 0, null) : throw NotBegun();
            }

            var meter = new ProgressMeter(progress, time);
            kept = await parts.KeepAsync(await WriteAsync(Same(beginning), shard, budget, meter, cancellationToken), cancellationToken);
            meter.End();
        }

        var rest = kept.To is { } next && next != shard.To ? new BackupShard(next, shard.To, kept.Marker, 0, 0) : null;
        return new ShardTaken(kept.Taken.Files, kept.Taken.Bytes, kept.Taken.BytesAdded, rest);
    }

    /// <summary>Makes the snapshot visible when all shards are taken, and removes what was kept for it.</summary>
    /// <exception cref="BackupException">Also <see cref="BackupErrors.DataMissing"/>: a shard is not taken yet.</exception>
    public async Task<Snapshot> CommitAsync(CancellationToken cancellationToken)
    {
        // Several may be about to commit; one that sleeps here must be known for as long as it may wake.
        var checkpoint = new Checkpoint(repository, request.Id, time);
        await checkpoint.BeginAsync(cancellationToken);
        var taken = await snapshots.FindTakenAsync(request, cancellationToken) ?? await CreateAsync(checkpoint, cancellationToken);
        await CleanUpAsync(cancellationToken);
        await checkpoint.EndAsync(cancellationToken);
        return taken;
    }

    // Whoever finds the snapshot does it, so that nothing is left of one who was killed here.
    private async Task CleanUpAsync(CancellationToken cancellationToken)
    {
        await parts.RemoveAsync(cancellationToken);
        await Checkpoint.Shared(repository, request.Id, time).EndAsync(cancellationToken);
    }

    private async Task<Snapshot> CreateAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        SealedSnapshot snapshot;
        try
        {
            snapshot = await PutTogetherAsync(cancellationToken);
        }
        catch (Exception error)
        {
            await checkpoint.GiveUpAsync();

            // Another one may have committed since, and removed the parts.
            if (error is not BackupException || await snapshots.FindTakenAsync(request, cancellationToken) is not { } taken)
            {
                throw;
            }

            return taken;
        }

        return await snapshots.CommitAsync(request, snapshot, cancellationToken);
    }

    private async Task<SealedSnapshot> PutTogetherAsync(CancellationToken cancellationToken)
    {
        var beginning = Same(await parts.FindBeginningAsync(cancellationToken) ?? throw NotBegun());
        var all = await parts.ReadAllAsync(cancellationToken);
        var snapshot = BackupPart.SnapshotOf(
            request, beginning.Source, beginning.RestorePoint, time.GetUtcNow(), (beginning.Parent, beginning.LastFull), [.. all.Select(part => part.Taken)]);
        var manifest = all.Where(part => part.Taken.Manifest.Entries > 0).Select(part => part.Taken.Manifest with { From = part.From });
        return new SealedSnapshot(snapshot, [.. manifest]);
    }

    private async Task<ShardPart> WriteAsync(
        ShardBeginning beginning, BackupShard shard, TimeSpan budget, ProgressMeter meter, CancellationToken cancellationToken)
    {
        var isFirst = await parts.TryMarkAsync(shard.From, cancellationToken);
        var view = await WriterView.OpenAsync(repository, cancellationToken);
        await using var chunks = new ChunkWriter(repository, view.Index, view.Unreliable);
        if (!isFirst)
        {
            chunks.Take(await view.AdoptAsync(cancellationToken));
        }

        var parent = beginning.Parent is { } id && !request.VerifyUnchanged ? await snapshots.FindAsync(id, cancellationToken) : null;
        using var fetch = new ChunkFetch(repository, view.Index);
        var known = parent is null
            ? AsyncEnumerable.Empty<ManifestEntry>()
            : new ManifestReader(fetch).EntriesAsync(parent.Manifest, parent.Snapshot.Id, cancellationToken, shard.From);
        var listing = new ShardListing(source, shard, time, budget);
        var part = await new PartWriter(repository, source, options, meter)
            .WriteAsync(listing.EntriesAsync(cancellationToken), view, chunks, known, cancellationToken);
        await chunks.FlushAsync(cancellationToken);
        return new ShardPart(shard.From, listing.End.Path, listing.End.Marker, part);
    }

    private BackupException NotBegun() => new(
        BackupErrors.SnapshotNotFound,
        $"The backup '{request.Id}' in {repository.Objects.Description} was not begun, or was given up.",
        isTransient: false,
        "Take a new backup, with an id of its own.");

    private ShardBeginning Same(ShardBeginning begun) => begun.Source == source.Description
        ? begun
        : throw new BackupException(
            BackupErrors.SnapshotConflict,
            $"The backup '{request.Id}' in {repository.Objects.Description} was begun of {begun.Source}; expected {source.Description}.",
            isTransient: false,
            "Give every backup an id of its own.");
}
