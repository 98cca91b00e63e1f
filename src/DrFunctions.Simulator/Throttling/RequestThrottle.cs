using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Throttling;

/// <summary>
/// Counts requests as Resource Manager does since 2024: a token bucket per subscription (or the tenant), per caller and per kind of
/// request. Thread safe.
/// </summary>
/// <remarks>Sizes and rates: https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling.</remarks>
internal sealed class RequestThrottle(Scenario scenario, TimeProvider time)
{
    private readonly ScenarioResourceManager _options = scenario.ResourceManager;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string? Subscription, string Caller, RequestKind Kind), TokenBucket> _buckets = [];

    /// <summary>Counts a request: how many are left; null when nothing is counted.</summary>
    /// <exception cref="ArmRejection">429: too many.</exception>
    public RemainingRequests? Count(string method, string path, string token)
    {
        if (!_options.Throttling)
        {
            return null;
        }

        var kind = KindOf(method);
        var caller = CallerOf(token);
        var subscription = SubscriptionOf(path);
        int? retryAfter;
        int left;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var key = (subscription, caller, kind);
            if (!_buckets.TryGetValue(key, out var bucket))
            {
                var (capacity, perSecond) = kind == RequestKind.Reads ? (250, 25) : (200, 10);
                _buckets.Add(key, bucket = new TokenBucket(Math.Max(1, capacity * _options.ThrottlingScale), perSecond * _options.ThrottlingScale));
            }

            (retryAfter, left) = bucket.Take(now);
        }

        return retryAfter is { } seconds ? throw TooMany(kind, subscription, caller, seconds) : new RemainingRequests(kind, subscription is not null, left);
    }

    /// <summary>Fills all buckets.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _buckets.Clear();
        }
    }

    private static ArmRejection TooMany(RequestKind kind, string? subscription, string caller, int seconds) => new(
        429,
        subscription is null ? "TenantRequestsThrottled" : "SubscriptionRequestsThrottled",
        string.Create(
            CultureInfo.InvariantCulture,
            $"Number of '{Singular(kind)}' requests for {(subscription is null ? "the tenant" : $"subscription '{subscription}'")} actor '{caller}' exceeded. Please try again after '{seconds}' seconds."))
    {
        RetryAfterSeconds = seconds,
    };

    private static RequestKind KindOf(string method) => method switch
    {
        "GET" or "HEAD" => RequestKind.Reads,
        "DELETE" => RequestKind.Deletes,
        _ => RequestKind.Writes,
    };

    private static string Singular(RequestKind kind) => kind switch
    {
        RequestKind.Reads => "read",
        RequestKind.Deletes => "delete",
        _ => "write",
    };

    /// <summary>Who holds the token, as an object id; the token itself is never shown.</summary>
    private static string CallerOf(string token) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(token)).AsSpan(0, 16)).ToString();

    private string? SubscriptionOf(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries) is [var first, var subscription, ..]
            && ArmRouter.Is(first, "subscriptions") && ArmRouter.Is(subscription, scenario.SubscriptionId)
                ? scenario.SubscriptionId
                : null;
}

/// <summary>What is counted apart.</summary>
internal enum RequestKind
{
    Reads,
    Writes,
    Deletes,
}

/// <summary>How many requests are left.</summary>
internal sealed record RemainingRequests(RequestKind Kind, bool OfSubscription, int Left)
{
    /// <summary>The header's name, or the one a provider has instead.</summary>
    public string HeaderOr(string? providers) =>
        "x-ms-ratelimit-remaining-" + (OfSubscription ? "subscription-" : "tenant-") + (OfSubscription && providers is not null ? providers : Kind.ToString().ToLowerInvariant());
}
