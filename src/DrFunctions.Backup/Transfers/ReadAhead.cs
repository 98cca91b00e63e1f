using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace DrFunctions.Backup.Transfers;

/// <summary>Lists on a thread of its own, a little ahead of whoever looks at what is listed.</summary>
internal static class ReadAhead
{
    /// <summary>So many items are read ahead at most.</summary>
    public const int Most = (BatchesAhead + 2) * BatchLength;

    // Items change hands by many, because each time wakes somebody.
    private const int BatchLength = 64;
    private const int BatchesAhead = 2;

    /// <summary>The same items, in the same order, and the same failure behind them.</summary>
    /// <param name="items">Read once; no more of them is read when this enumeration has ended, however it did.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async IAsyncEnumerable<T> Of<T>(IAsyncEnumerable<T> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var batches = Channel.CreateBounded<T[]>(new BoundedChannelOptions(BatchesAhead) { SingleReader = true, SingleWriter = true });
        var reading = Task.Run(() => ReadAsync(items, batches.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(cancellationToken))
            {
                foreach (var item in batch)
                {
                    yield return item;
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    // Never throws: what fails, the channel's reader is told.
    private static async Task ReadAsync<T>(IAsyncEnumerable<T> items, ChannelWriter<T[]> batches, CancellationToken cancellationToken)
    {
        try
        {
            var batch = new List<T>(BatchLength);
            await foreach (var item in items.WithCancellation(cancellationToken))
            {
                batch.Add(item);
                if (batch.Count == BatchLength)
                {
                    await batches.WriteAsync([.. batch], cancellationToken);
                    batch.Clear();
                }
            }

            await batches.WriteAsync([.. batch], cancellationToken);
            batches.Complete();
        }
        catch (Exception error)
        {
            batches.Complete(error);
        }
    }
}
