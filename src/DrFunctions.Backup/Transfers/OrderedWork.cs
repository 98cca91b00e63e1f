using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace DrFunctions.Backup.Transfers;

/// <summary>Works on items at once and takes the results in the items' order.</summary>
internal static class OrderedWork
{
    // Results that wait for a slow one before them are at most Window; they change hands by many, because each time wakes somebody.
    private const int Window = 1024;
    private const int AtOnce = 64;

    /// <summary>Ends when everything it started has ended; throws the first failure.</summary>
    public static async Task RunAsync<TItem, TResult>(
        IAsyncEnumerable<TItem> items,
        int parallelism,
        Func<TItem, CancellationToken, Task<TResult>> work,
        Func<TResult, CancellationToken, Task> take,
        CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var gate = new SemaphoreSlim(parallelism);
        var results = Channel.CreateBounded<Task<TResult>[]>(new BoundedChannelOptions((Window / AtOnce) - 2) { SingleReader = true, SingleWriter = true });
        Exception? first = null;
        var feeding = Guard(FeedAsync);
        var taking = Guard(TakeAsync);
        await Task.WhenAll(feeding, taking);
        for (var slot = 0; slot < parallelism; slot++)
        {
            await gate.WaitAsync(CancellationToken.None);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }

        async Task FeedAsync()
        {
            var begun = new List<Task<TResult>>(AtOnce);
            try
            {
                await foreach (var item in items.WithCancellation(stop.Token))
                {
                    if (!gate.Wait(0, CancellationToken.None))
                    {
                        await HandOverAsync();
                        await gate.WaitAsync(stop.Token);
                    }

                    begun.Add(WorkAsync(item));
                    if (begun.Count == AtOnce)
                    {
                        await HandOverAsync();
                    }
                }

                await HandOverAsync();
            }
            finally
            {
                results.Writer.Complete();
            }

            async ValueTask HandOverAsync()
            {
                if (begun.Count > 0)
                {
                    await results.Writer.WriteAsync([.. begun], stop.Token);
                    begun.Clear();
                }
            }
        }

        async Task<TResult> WorkAsync(TItem item)
        {
            try
            {
                return await work(item, stop.Token);
            }
            catch (Exception error)
            {
                Fail(error);
                throw;
            }
            finally
            {
                gate.Release();
            }
        }

        async Task TakeAsync()
        {
            await foreach (var ended in results.Reader.ReadAllAsync(stop.Token))
            {
                foreach (var result in ended)
                {
                    await take(await result, stop.Token);
                }
            }
        }

        // The first failure stops the rest, whose cancellations are then no failures of their own.
        async Task Guard(Func<Task> part)
        {
            try
            {
                await part();
            }
            catch (Exception error)
            {
                Fail(error);
            }
        }

        void Fail(Exception error)
        {
            Interlocked.CompareExchange(ref first, error, null);
            stop.Cancel();
        }
    }
}
