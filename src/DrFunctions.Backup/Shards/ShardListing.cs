using System.Runtime.CompilerServices;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Shards;

/// <summary>Lists a shard's entries, until its time is over. Used once.</summary>
/// <param name="source">What is listed.</param>
/// <param name="shard">Which stretch.</param>
/// <param name="time">Measures.</param>
/// <param name="budget">How long.</param>
internal sealed class ShardListing(IPagedSource source, BackupShard shard, TimeProvider time, TimeSpan budget)
{
    /// <summary>The first path that was not listed, and its page; null for nothing of all paths.</summary>
    public (string? Path, string? Marker) End { get; private set; } = (shard.To, null);

    /// <summary>The entries; at least one, where there is one, so that every call gets on.</summary>
    public async IAsyncEnumerable<SourceEntry> EntriesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var any = false;
        await foreach (var page in source.ListPagesAsync(shard.Marker, cancellationToken))
        {
            foreach (var entry in page.Entries)
            {
                if (shard.From is not null && PathOrder.Compare(entry.Path, shard.From) < 0)
                {
                    continue;
                }

                // Whatever comes behind it is not before the end either, by any order of the source.
                if (shard.To is not null && PathOrder.Compare(entry.Path, shard.To) >= 0)
                {
                    yield break;
                }

                if (any && time.GetElapsedTime(began) >= budget && ShardPlanner.IsPlain(entry.Path))
                {
                    End = (entry.Path, page.Marker);
                    yield break;
                }

                any = true;
                yield return entry;
            }
        }
    }
}
