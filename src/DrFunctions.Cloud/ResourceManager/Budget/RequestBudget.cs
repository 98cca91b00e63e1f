using System.Collections.Concurrent;
using DrFunctions.Recovery;

namespace DrFunctions.Cloud.ResourceManager.Budget;

/// <summary>
/// Keeps this process within what Resource Manager allows a caller: of each subscription 250 reads and 25 more each second, 200
/// writes and 10 more each second, as many deletions. Many workloads that fail over at once wait here for their turn, because a
/// request that is refused for being too early makes the wait longer. Thread-safe.
/// </summary>
/// <remarks>Sizes and rates: https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling.</remarks>
/// <param name="time">The clock.</param>
/// <param name="longestWait">Who would wait longer is refused at once instead, and told how long.</param>
internal sealed class RequestBudget(TimeProvider time, TimeSpan longestWait)
{
    private readonly ConcurrentDictionary<(string Subscription, RequestKind Kind), RequestBucket> _buckets = new();

    /// <summary>
    /// Waits for a request's turn. That of <see cref="BackgroundWork"/> comes when no incident or run needs the token, or as a small share
    /// of all: it waits as long at most, but is not told beforehand.
    /// </summary>
    /// <exception cref="RecoveryException">The turn is too far off (<c>Throttled</c>, transient, with the time to wait).</exception>
    public async ValueTask WaitAsync(string method, string path, CancellationToken cancellationToken)
    {
        var bucket = BucketOf(method, path);
        if (BackgroundWork.IsRunning)
        {
            await WaitForSpareAsync(bucket, method, cancellationToken);
            return;
        }

        var wait = bucket.Take(longestWait);
        if (wait > longestWait)
        {
            throw Throttled(method, wait);
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    /// <summary>Resource Manager refused a request of this kind for a time: until then no other is sent.</summary>
    public void Hold(string method, string path, TimeSpan retryAfter) => BucketOf(method, path).Hold(retryAfter);

    private async Task WaitForSpareAsync(RequestBucket bucket, string method, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(longestWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await bucket.TakeSpareAsync(either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Throttled(method, longestWait);
        }
    }

    private static RecoveryException Throttled(string method, TimeSpan wait) => new(
        "Throttled",
        FormattableString.Invariant($"{method} waits for its turn: Resource Manager's limit of {KindOf(method).ToString().ToLowerInvariant()} is used up. Retry after {Math.Ceiling(wait.TotalSeconds)} s."),
        isTransient: true,
        "Too many requests to Resource Manager at once; they go on as fast as it allows.")
    {
        RetryAfter = wait,
    };

    private static RequestKind KindOf(string method) => method switch
    {
        "GET" or "HEAD" => RequestKind.Reads,
        "DELETE" => RequestKind.Deletes,
        _ => RequestKind.Writes,
    };

    private RequestBucket BucketOf(string method, string path)
    {
        var kind = KindOf(method);
        return _buckets.GetOrAdd(
            (SubscriptionOf(path), kind),
            static (key, time) => key.Kind == RequestKind.Reads ? new RequestBucket(time, 250, 25) : new RequestBucket(time, 200, 10),
            time);
    }

    /// <summary>The subscription in lower case; empty for requests about the tenant.</summary>
    private static string SubscriptionOf(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries) is [var first, var subscription, ..]
            && first.Equals("subscriptions", StringComparison.OrdinalIgnoreCase)
                ? subscription.ToLowerInvariant()
                : "";

    private enum RequestKind
    {
        Reads,
        Writes,
        Deletes,
    }
}
