using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Durable.Storage;

/// <summary>
/// The one layer that retries the store: every attempt is bounded, attempts back off, and an outage is one warning and one notice
/// of its end. A call that must not give up is ended by its token only.
/// </summary>
internal sealed class StoreGuard(IHubStore store, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(8);

    private long _downSince = -1;

    /// <summary>Calls the store once, bounded.</summary>
    public async Task<T> OnceAsync<T>(Func<IHubStore, CancellationToken, Task<T>> call, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(AttemptTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            // A call that ignores its token is left behind. Should its write land late, the ETag it names decides.
            var answer = await call(store, either.Token).WaitAsync(either.Token);
            Answered();
            return answer;
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            var silent = new HubStoreException($"The task hub's storage has not answered for {AttemptTimeout.TotalSeconds:0} s.", e);
            Silent(silent);
            throw silent;
        }
        catch (HubStoreException e)
        {
            Silent(e);
            throw;
        }
    }

    /// <summary>Calls the store until it answers or the patience, which may be infinite, is used up.</summary>
    /// <exception cref="HubStoreException">The store has not answered in time.</exception>
    public async Task<T> WithinAsync<T>(
        TimeSpan patience, Func<IHubStore, CancellationToken, Task<T>> call, CancellationToken ct, Func<CancellationToken, Task>? admit = null)
    {
        var start = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            await (admit?.Invoke(ct) ?? Task.CompletedTask);
            try
            {
                return await OnceAsync(call, ct);
            }
            catch (HubStoreException) when (patience == Timeout.InfiniteTimeSpan || time.GetElapsedTime(start) + pause < patience)
            {
                await Task.Delay(pause, time, ct);
            }
        }
    }

    private void Silent(HubStoreException e)
    {
        if (Interlocked.CompareExchange(ref _downSince, time.GetTimestamp(), -1) == -1)
        {
            StoreGuardLog.Down(logger, e.Message);
        }
    }

    private void Answered()
    {
        var since = Interlocked.Exchange(ref _downSince, -1);
        if (since != -1)
        {
            StoreGuardLog.Up(logger, time.GetElapsedTime(since).TotalSeconds);
        }
    }
}

/// <summary>What the guard logs.</summary>
internal static partial class StoreGuardLog
{
    [LoggerMessage(2101, LogLevel.Warning,
        "The task hub's storage does not answer; orchestrations wait, nothing is lost, and every call is retried. {Problem}")]
    public static partial void Down(ILogger logger, string problem);

    [LoggerMessage(2102, LogLevel.Information, "The task hub's storage answers again after {Seconds:0.0} s.")]
    public static partial void Up(ILogger logger, double seconds);
}
