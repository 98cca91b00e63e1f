namespace DrFunctions.Backup.Snapshots;

/// <summary>Looks through the snapshots of an opened repository: one that cannot be read hides no other. Thread-safe.</summary>
/// <param name="store">The snapshots.</param>
/// <param name="place">Where they are, for messages.</param>
internal sealed class SnapshotSearch(SnapshotStore store, string place)
{
    // A snapshot is written after its restore point, by clocks that may differ.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(10);

    /// <summary>All that can be read, oldest restore point first, and what is wrong with the others.</summary>
    public async Task<(IReadOnlyList<Snapshot> Snapshots, IReadOnlyList<BackupException> Damaged)> AllAsync(CancellationToken cancellationToken)
    {
        var snapshots = new List<Snapshot>();
        var damaged = new List<BackupException>();
        await foreach (var read in store.LastWrittenFirstAsync(cancellationToken))
        {
            if (read.Snapshot is { } found)
            {
                snapshots.Add(found.Snapshot);
            }
            else if (read.Error is { } error)
            {
                damaged.Add(error);
            }
        }

        return (
            [.. snapshots.OrderBy(snapshot => snapshot.RestorePoint).ThenBy(snapshot => snapshot.Id, StringComparer.Ordinal)],
            [.. damaged.OrderBy(error => error.Message, StringComparer.Ordinal)]);
    }

    /// <summary>
    /// The one with the newest restore point of those that fit. Reads from the last written one back, as long as an older one can still be newer. What cannot be read is passed
    /// over and named, whosever it is: nobody can tell.
    /// </summary>
    public async Task<LatestSnapshot> LatestAsync(SnapshotFilter filter, CancellationToken cancellationToken)
    {
        Snapshot? latest = null;
        var skipped = new List<string>();
        await foreach (var read in store.LastWrittenFirstAsync(cancellationToken))
        {
            if (latest is not null && read.WrittenAt + ClockSkew < latest.RestorePoint)
            {
                break;
            }

            if (read.Error is { } error)
            {
                skipped.Add(error.Message);
            }
            else if (read.Snapshot is not { Snapshot: var snapshot } || !filter.Fits(snapshot))
            {
                continue;
            }
            else if (filter.OnlyComplete && !snapshot.IsComplete)
            {
                skipped.Add($"The snapshot '{snapshot.Id}' in {place} lacks {snapshot.Unread} files that could not be read.");
            }
            else if (latest is null || snapshot.RestorePoint > latest.RestorePoint)
            {
                latest = snapshot;
            }
        }

        return new LatestSnapshot(latest, skipped);
    }

    /// <summary>What a snapshot relied on when it was taken, from itself back to the full one.</summary>
    /// <exception cref="BackupException"><see cref="BackupErrors.SnapshotNotFound"/>, or it cannot be read.</exception>
    public async Task<SnapshotChain> ChainAsync(string snapshotId, CancellationToken cancellationToken)
    {
        var links = new List<Snapshot> { (await store.GetAsync(snapshotId, cancellationToken)).Snapshot };
        while (links[^1].Parent is { } parent && links.TrueForAll(link => link.Id != parent))
        {
            try
            {
                if (await store.FindAsync(parent, cancellationToken) is not { } found)
                {
                    return new SnapshotChain(links, $"The snapshot '{parent}' is not in {place} any more.");
                }

                links.Add(found.Snapshot);
            }
            catch (BackupException error) when (error.Code is BackupErrors.SnapshotDamaged or BackupErrors.FormatTooNew or BackupErrors.DataDamaged)
            {
                return new SnapshotChain(links, error.Message);
            }
        }

        return new SnapshotChain(links, null);
    }
}
