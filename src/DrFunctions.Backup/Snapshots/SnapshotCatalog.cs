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

    /// <summary>
    /// The newest of a workload and policy, where they are given. Reads roots from the last written one back, as long as an older one
    /// can still be newer. A root that cannot be read hides no other; what was taken of <c>exceptSource</c> does not count.
    /// </summary>
    public static async Task<LatestSnapshot> LatestAsync(
        IRepository repository, string? workload, string? policy, bool onlyComplete, string? exceptSource, CancellationToken cancellationToken)
    {
        var roots = new List<(string Id, DateTimeOffset WrittenAt)>();
        await foreach (var item in IdsAsync(repository, cancellationToken))
        {
            roots.Add(item);
        }

        Snapshot? latest = null;
        var skipped = new List<string>();
        foreach (var item in roots.OrderByDescending(item => item.WrittenAt))
        {
            if (latest is not null && item.WrittenAt + ClockSkew < latest.RestorePoint)
            {
                break;
            }

            if (await SnapshotReader.ReadBytesAsync(repository, item.Id, cancellationToken) is not { } content)
            {
                continue;
            }

            var (snapshot, trouble) = Judge(content, item.Id);
            if (trouble is not null)
            {
                skipped.Add(trouble);
            }
            else if (snapshot is not null && (latest is null || snapshot.RestorePoint > latest.RestorePoint))
            {
                latest = snapshot;
            }
        }

        return new LatestSnapshot(latest, skipped);

        (Snapshot? Snapshot, string? Trouble) Judge(byte[] content, string id)
        {
            try
            {
                var snapshot = SnapshotRoot.Read(content, id, repository.Description).Snapshot;
                return !Fits(snapshot.Workload, snapshot.Policy) || snapshot.Source == exceptSource ? default
                    : onlyComplete && !snapshot.IsComplete
                    ? (null, $"The snapshot '{id}' in {repository.Description} lacks {snapshot.Unread} files that could not be read.")
                    : (snapshot, null);
            }
            catch (BackupException error) when (error.Code is BackupErrors.SnapshotDamaged or BackupErrors.FormatTooNew)
            {
                var (ofWorkload, ofPolicy) = SnapshotRoot.ReadOwner(content);
                return Fits(ofWorkload, ofPolicy) ? (null, error.Message) : default;
            }
        }

        // What the root does not tell may fit.
        bool Fits(string? ofWorkload, string? ofPolicy) =>
            (workload is null || ofWorkload is null || ofWorkload == workload) && (policy is null || ofPolicy is null || ofPolicy == policy);
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
