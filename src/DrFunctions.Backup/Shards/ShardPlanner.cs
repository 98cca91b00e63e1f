using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Shards;

/// <summary>Cuts a listing into shards.</summary>
internal static class ShardPlanner
{
    private const char FirstDisputed = '\uD800';

    /// <summary>Whether a shard may begin at a path: the two orders that a listing may have agree on what is before it.</summary>
    public static bool IsPlain(string path) => path.AsSpan().IndexOfAnyInRange(FirstDisputed, char.MaxValue) < 0;

    /// <summary>Plans on, for some pages.</summary>
    /// <param name="source">What is planned.</param>
    /// <param name="from">Where to go on; null for the beginning.</param>
    /// <param name="limits">How much a shard is.</param>
    /// <param name="pages">Pages to list; 1 or more.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.StorageRefused"/>: the listing has no order.</exception>
    public static async Task<ShardPlan> PlanAsync(IPagedSource source, ShardPosition? from, ShardLimits limits, int pages, CancellationToken cancellationToken)
    {
        var at = from ?? new ShardPosition(null, null, null, 0, 0, null);
        var shards = new List<BackupShard>();
        var seen = 0;
        await foreach (var page in source.ListPagesAsync(at.Marker, cancellationToken))
        {
            if (seen++ == pages)
            {
                return new ShardPlan(shards, at with { Marker = page.Marker });
            }

            foreach (var entry in page.Entries)
            {
                var isFull = at.Entries >= limits.Entries || at.Bytes + entry.Length > limits.Bytes;
                if (at.Entries > 0 && isFull && IsPlain(entry.Path))
                {
                    ThrowIfBefore(entry.Path, at.Last, source);
                    shards.Add(new BackupShard(at.From, entry.Path, at.FromMarker, at.Entries, at.Bytes));
                    at = new ShardPosition(entry.Path, page.Marker, page.Marker, 0, 0, null);
                }

                at = at with { Entries = at.Entries + 1, Bytes = at.Bytes + entry.Length, Last = Later(at.Last, entry.Path) };
            }
        }

        return new ShardPlan([.. shards, new BackupShard(at.From, null, at.FromMarker, at.Entries, at.Bytes)], null);
    }

    private static string Later(string? one, string other) => one is not null && PathOrder.Compare(one, other) > 0 ? one : other;

    private static void ThrowIfBefore(string path, string? last, IPagedSource source)
    {
        if (last is not null && PathOrder.Compare(last, path) >= 0)
        {
            throw new BackupException(
                BackupErrors.StorageRefused,
                $"{source.Description} lists '{path}' after '{last}'; expected the order of their bytes.",
                isTransient: false,
                "Take the backup with dr backup run, which needs no order.");
        }
    }
}
