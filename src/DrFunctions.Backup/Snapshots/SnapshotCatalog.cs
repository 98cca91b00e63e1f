using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Snapshots;

/// <summary>The visible snapshots of a repository.</summary>
internal static class SnapshotCatalog
{
    // A root is written after its restore point, by clocks that may differ.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(10);

    /// <summary>All that can be read, oldest restore point first, and what is wrong with the others.</summary>
    public static async Task<(IReadOnlyList<Snapshot> Snapshots, IReadOnlyList<BackupException> Damaged)> ReadAsync(
        IRepository repository, int parallelism, CancellationToken cancellationToken)
    {
        var snapshots = new ConcurrentBag<Snapshot>();
        var damaged = new ConcurrentBag<BackupException>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(IdsAsync(repository, cancellationToken), options, async (item, token) =>
        {
            try
            {
                if (await SnapshotReader.FindAsync(repository, item.Id, token) is { } root)
                {
                    snapshots.Add(root.Snapshot);
                }
            }
            catch (BackupException error) when (error.Code is BackupErrors.SnapshotDamaged or BackupErrors.FormatTooNew)
            {
                damaged.Add(error);
            }
        });
        return ([.. snapshots.OrderBy(snapshot => snapshot.RestorePoint).ThenBy(snapshot => snapshot.Id, StringComparer.Ordinal)], [.. damaged]);
    }

    /// <summary>The newest that fits. Reads roots from the last written one back, as long as an older one can still be newer.</summary>
    public static async Task<Snapshot?> LatestAsync(IRepository repository, Predicate<Snapshot> fits, CancellationToken cancellationToken)
    {
        var roots = new List<(string Id, DateTimeOffset WrittenAt)>();
        await foreach (var item in IdsAsync(repository, cancellationToken))
        {
            roots.Add(item);
        }

        Snapshot? latest = null;
        foreach (var item in roots.OrderByDescending(item => item.WrittenAt))
        {
            if (latest is not null && item.WrittenAt + ClockSkew < latest.RestorePoint)
            {
                break;
            }

            var found = await SnapshotReader.FindAsync(repository, item.Id, cancellationToken);
            if (found is { Snapshot: var snapshot } && fits(snapshot) && (latest is null || snapshot.RestorePoint > latest.RestorePoint))
            {
                latest = snapshot;
            }
        }

        return latest;
    }

    /// <summary>The ids of what is visible, and when each was written by the repository's clock.</summary>
    public static async IAsyncEnumerable<(string Id, DateTimeOffset WrittenAt)> IdsAsync(
        IRepository repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in repository.ListAsync(SnapshotRoot.Prefix, cancellationToken))
        {
            var id = item.Key[SnapshotRoot.Prefix.Length..];
            if (SnapshotReader.IsId(id))
            {
                yield return (id, item.WrittenAt);
            }
        }
    }
}
