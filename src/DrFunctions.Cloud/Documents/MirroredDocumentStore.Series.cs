using System.Collections.Concurrent;
using DrFunctions.Recovery.Documents;

namespace DrFunctions.Cloud.Documents;

// Series: documents that are only created, one after the other, under one mark.
public sealed partial class MirroredDocumentStore
{
    /// <summary>Of so many series it is known that they are marked; then all are forgotten and marked again.</summary>
    private const int MostMarked = 4096;

    private readonly ConcurrentDictionary<string, byte> _marked = new(StringComparer.Ordinal);

    /// <summary>Creates a document of a series: one write in each region.</summary>
    private async Task<bool> AppendAsync(
        string key, string series, ReadOnlyMemory<byte> content, Func<Task<bool>> write, CancellationToken cancellationToken)
    {
        if (!_marked.ContainsKey(series))
        {
            await _control.TryCreateAsync(MarkOf(series, null), s_mark, cancellationToken);
            if (_marked.Count >= MostMarked)
            {
                _marked.Clear();
            }

            _marked.TryAdd(series, 0);
        }

        var written = await write();
        if (!IsPaused && !(written && await FollowAsync(key, null, null, content, cancellationToken)) && !IsPaused
            && await CopyAsync(key, cancellationToken) is null && !IsPaused)
        {
            // The mirror answers and has another one: who compares what is there by its keys would not see it.
            await _control.TryCreateAsync(MarkOf(key, null), s_mark, cancellationToken);
        }

        return written;
    }

    /// <summary>
    /// Copies what the mirror misses of a series, and removes its mark when it has ended. False when the mirror is not known to hold all.
    /// </summary>
    private async Task<bool> CatchUpSeriesAsync(string series, string mark, CancellationToken cancellationToken)
    {
        var here = await ListSeriesAsync(_control, series, cancellationToken);
        HashSet<string> there;
        try
        {
            there = [.. await ListSeriesAsync(_mirror, series, cancellationToken)];
            Worked();
        }
        catch (DocumentStoreException e)
        {
            Failed(e, series);
            return false;
        }

        foreach (var key in here.Where(key => !there.Contains(key)))
        {
            if (IsPaused || await CopyAsync(key, cancellationToken) is null)
            {
                return false;
            }
        }

        return here.Contains(MirroredKeys.LastOf(series)) ? await RemoveAsync(mark, cancellationToken) : here.Count > 0;
    }

    private static async Task<IReadOnlyList<string>> ListSeriesAsync(IDocumentStore store, string series, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        await foreach (var key in store.ListAsync(series + "/", cancellationToken))
        {
            if (MirroredKeys.SeriesOf(key) == series)
            {
                keys.Add(key);
            }
        }

        return keys;
    }
}
