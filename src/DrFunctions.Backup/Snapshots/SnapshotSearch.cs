using System.Collections.Concurrent;

namespace DrFunctions.Backup.Snapshots;

/// <summary>Looks through the snapshots of an opened repository: one that cannot be read hides no other. Thread-safe.</summary>
/// <param name="store">The snapshots.</param>
/// <param name="place">Where they are, for messages.</param>
internal sealed class SnapshotSearch(SnapshotStore store, string place)
{
    private const int Parallelism = 8;

    // A snapshot is written after its restore point, by clocks that may differ.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(10);

    /// <summary>All that can be read, oldest restore point first, and what is wrong with the others.</summary>
    public async Task<(IReadOnlyList<Snapshot> Snapshots, IReadOnlyList<BackupException> Damaged)> AllAsync(CancellationToken cancellationToken)
    {
        var snapshots = new ConcurrentBag<Snapshot>();
        var damaged = new ConcurrentBag<BackupException>();
        await Parallel.ForEachAsync(
            store.IdsAsync(cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                var (snapshot, error) = await TryReadAsync(item.Id, token);
                if (snapshot is not null)
                {
                    snapshots.Add(snapshot);
                }
                else if (error is not null)
                {
                    damaged.Add(error);
                }
            });
        return (
            [.. snapshots.OrderBy(snapshot => snapshot.RestorePoint).ThenBy(snapshot => snapshot.Id, StringComparer.Ordinal)],
            [.. damaged.OrderBy(error => error.Message, StringComparer.Ordinal)]);
    }

    /// <summary>
    /// The one with the newest restore point, of a workload and policy where they are given. Reads from the last written one back, as long as an older one can still be newer.
    /// What cannot be read is passed over and named, whosever it is: nobody can tell.
    /// </summary>
    /// <param name="workload">The workload; null for any.</param>
    /// <param name="policy">The policy; null for any.</param>
    /// <param name="onlyComplete">Whether snapshots that lack files are passed over and named as well.</param>
    /// <param name="exceptSource">Passes over what was taken of this source; null for none.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public async Task<LatestSnapshot> LatestAsync(
        string? workload, string? policy, bool onlyComplete, string? exceptSource, CancellationToken cancellationToken)
    {
        var ids = new List<(string Id, DateTimeOffset WrittenAt)>();
        await foreach (var item in store.IdsAsync(cancellationToken))
        {
            ids.Add(item);
        }

        Snapshot? latest = null;
        var skipped = new List<string>();
        foreach (var (id, writtenAt) in ids.OrderByDescending(item => item.WrittenAt))
        {
            if (latest is not null && writtenAt + ClockSkew < latest.RestorePoint)
            {
                break;
            }

            var (snapshot, error) = await TryReadAsync(id, cancellationToken);
            if (error is not null)
            {
                skipped.Add(error.Message);
            }
            else if (snapshot is null
                || (workload is not null && snapshot.Workload != workload)
                || (policy is not null && snapshot.Policy != policy)
                || snapshot.Source == exceptSource)
            {
                continue;
            }
            else if (onlyComplete && !snapshot.IsComplete)
            {
                skipped.Add($"The snapshot '{id}' in {place} lacks {snapshot.Unread} files that could not be read.");
            }
            else if (latest is null || snapshot.RestorePoint > latest.RestorePoint)
            {
                latest = snapshot;
            }
        }

        return new LatestSnapshot(latest, skipped);
    }

    // Neither, when it went since it was listed.
    private async Task<(Snapshot? Snapshot, BackupException? Error)> TryReadAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return ((await store.FindAsync(id, cancellationToken))?.Snapshot, null);
        }
        catch (BackupException error) when (error.Code is BackupErrors.SnapshotDamaged or BackupErrors.FormatTooNew or BackupErrors.DataDamaged)
        {
            return (null, error);
        }
    }
}
