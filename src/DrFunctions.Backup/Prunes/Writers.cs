using DrFunctions.Backup.Backups;
using DrFunctions.Backup.Copies;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Snapshots;

namespace DrFunctions.Backup.Prunes;

/// <summary>Who writes, and what became of those who wrote.</summary>
/// <param name="Began">When those began who may still make a snapshot visible.</param>
/// <param name="Committed">Snapshots of writers that left a checkpoint: they count, whether they are listed or not.</param>
/// <param name="Abandoned">Ids whose writers cannot make a snapshot visible any more.</param>
/// <param name="Leftovers">Keys of checkpoints and marks that say nothing any more.</param>
/// <param name="Known">Ids of which there is a checkpoint.</param>
internal sealed record Writers(
    IReadOnlyList<DateTimeOffset> Began, IReadOnlyList<SealedSnapshot> Committed, IReadOnlyList<string> Abandoned, IReadOnlyList<string> Leftovers, IReadOnlySet<string> Known)
{
    /// <summary>Copies that were not ended, in words; only another copy can.</summary>
    public IReadOnlyList<string> UnfinishedCopies { get; init; } = [];

    /// <summary>Looks at all checkpoints, and gives up the backups of those that are too old.</summary>
    /// <remarks>
    /// A checkpoint whose snapshot is visible stays until the snapshot is removed: its writer may sleep, and must then find something in the snapshot's place (<see cref="SnapshotInventory"/>).
    /// </remarks>
    /// <exception cref="BackupException">The storage's.</exception>
    public static async Task<Writers> ResolveAsync(
        OpenedRepository repository, DateTimeOffset now, TimeSpan life, bool dryRun, CancellationToken cancellationToken)
    {
        var snapshots = new SnapshotStore(repository);
        var (began, committed, abandoned, leftovers) = (new List<DateTimeOffset>(), new List<SealedSnapshot>(), new List<string>(), new List<string>());
        var byId = new Dictionary<string, List<RepositoryObject>>(StringComparer.Ordinal);
        await foreach (var item in repository.Objects.ListAsync(Checkpoint.Prefix, cancellationToken))
        {
            if (Checkpoint.SnapshotOf(item.Key) is { } id && SnapshotId.IsValid(id))
            {
                (byId.TryGetValue(id, out var others) ? others : byId[id] = []).Add(item);
            }
            else
            {
                began.Add(item.WrittenAt); // Not ours to judge.
            }
        }

        var unfinished = new List<string>();
        await LookAtCopiesAsync(repository, now - life, began, leftovers, unfinished, cancellationToken);
        foreach (var (id, checkpoints) in byId)
        {
            var place = await LookAsync(snapshots, id, cancellationToken);
            if (place is { Snapshot: null, IsAbandoned: false })
            {
                if (checkpoints.Max(item => item.WrittenAt) + life > now)
                {
                    began.Add(checkpoints.Min(item => item.WrittenAt));
                    continue;
                }

                // Whoever comes first: the writer's commit, or this. Both are create-only.
                place = dryRun || await snapshots.TryAbandonAsync(id, cancellationToken)
                    ? new SnapshotPlace(null, IsAbandoned: true)
                    : await LookAsync(snapshots, id, cancellationToken);
            }

            if (place?.IsAbandoned == true)
            {
                abandoned.Add(id);
                leftovers.AddRange(checkpoints.Select(item => item.Key));
            }
            else if (place?.Snapshot is { } snapshot)
            {
                committed.Add(snapshot);
            }
        }

        return new Writers(began, committed, abandoned, leftovers, byId.Keys.ToHashSet(StringComparer.Ordinal)) { UnfinishedCopies = unfinished };
    }

    /// <summary>Whether all who write began after a time, and a margin more: they saw what was there then.</summary>
    public bool AllBeganAfter(DateTimeOffset time, TimeSpan margin) => Began.All(at => at > time + margin);

    // A copier can do no more harm when each id that it may show stands there, or what keeps it away: those that are visible are listed with all others, and one that is removed leaves something in its place.
    private static async Task LookAtCopiesAsync(
        OpenedRepository repository, DateTimeOffset dead, List<DateTimeOffset> began, List<string> leftovers, List<string> unfinished, CancellationToken cancellationToken)
    {
        var copies = new List<(RepositoryObject Mark, IReadOnlyList<string>? Ids)>();
        foreach (var mark in await CopyMark.ListAsync(repository.Objects, cancellationToken))
        {
            try
            {
                if (await CopyMark.ReadAsync(repository, mark.Key, cancellationToken) is { } ids)
                {
                    copies.Add((mark, ids));
                }
            }
            catch (BackupException error) when (error.Code is BackupErrors.DataDamaged or BackupErrors.FormatTooNew)
            {
                copies.Add((mark, null));
            }
        }

        var places = copies.Count == 0 ? [] : await repository.Objects.ListAsync(SealedSnapshot.Prefix, cancellationToken)
            .ToDictionaryAsync(item => item.Key, item => item.Length, StringComparer.Ordinal, cancellationToken);
        foreach (var (mark, ids) in copies)
        {
            if (ids is null || !ids.All(id => places.ContainsKey(SealedSnapshot.KeyOf(id))))
            {
                began.Add(mark.WrittenAt);
                if (mark.WrittenAt <= dead)
                {
                    unfinished.Add(ids is null
                        ? $"'{mark.Key}', begun {mark.WrittenAt:u}, cannot be read; delete it when no copy into {repository.Objects.Description} runs"
                        : $"'{mark.Key}', begun {mark.WrittenAt:u}; run the copy into {repository.Objects.Description} again");
                }
            }
            else if (mark.WrittenAt <= dead && ids.All(id => places[SealedSnapshot.KeyOf(id)] == AbandonedSnapshot.Length))
            {
                leftovers.Add(mark.Key);
            }
        }
    }

    // Null when something is there that cannot be read: whoever lists the snapshots says so.
    private static async Task<SnapshotPlace?> LookAsync(SnapshotStore snapshots, string id, CancellationToken cancellationToken)
    {
        try
        {
            return await snapshots.LookAsync(id, cancellationToken);
        }
        catch (BackupException error) when (error.Code is BackupErrors.SnapshotDamaged or BackupErrors.FormatTooNew or BackupErrors.DataDamaged)
        {
            return null;
        }
    }
}
