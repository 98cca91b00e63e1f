using DrFunctions.App.People;
using DrFunctions.Recovery.People;
using Microsoft.AspNetCore.Http;

namespace DrFunctions.App.Limits;

/// <summary>
/// How often a caller, and an address, may ask. Alerts have buckets of their own, so that a storm of them takes nothing from people
/// and people nothing from it; strangers have buckets of their own, so that they take nothing from those who are known.
/// </summary>
internal sealed class RequestLimits(AccessSettings settings, TimeProvider time)
{
    private const int MostBuckets = 4096;
    private const int CallersBehindAnAddress = 4;

    private readonly TokenBuckets _callers = new(settings.RequestsPerMinute, MostBuckets, time);
    private readonly TokenBuckets _addresses = new(settings.RequestsPerMinute * CallersBehindAnAddress, MostBuckets, time);
    private readonly TokenBuckets _alerts = new(settings.AlertsPerMinute, MostBuckets, time);
    private readonly TokenBuckets _strangers = new(settings.RequestsPerMinute, MostBuckets, time);

    /// <summary>Counts a request. Null when it may go on, else how long its sender should wait.</summary>
    /// <param name="http">The request.</param>
    /// <param name="caller">Who sends it; null when nobody known.</param>
    /// <param name="needed">What it asks for.</param>
    public TimeSpan? Take(HttpContext http, CallerIdentity? caller, CallerRole? needed)
    {
        var address = Address(http);
        return caller is null ? _strangers.Take(address)
            : needed == CallerRole.AlertSource ? _alerts.Take($"caller {caller.Name}") ?? _alerts.Take($"address {address}")
            : _callers.Take(caller.Name) ?? _addresses.Take(address);
    }

    // On Azure the front end adds the sender as the last address; what stands before it, the sender may have written.
    private string Address(HttpContext http)
    {
        var peer = http.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        return settings.BehindFrontEnd
            && http.Request.Headers["X-Forwarded-For"].ToString() is { Length: > 0 and <= 1024 } forwarded
            && forwarded.Split(',')[^1].Trim() is { Length: > 0 and <= 64 } last
                ? WithoutPort(last)
                : peer;
    }

    // 203.0.113.7:1234, [2001:db8::1]:1234 or an address alone.
    private static string WithoutPort(string text) =>
        System.Net.IPEndPoint.TryParse(text, out var point) ? point.Address.ToString() : text;
}
