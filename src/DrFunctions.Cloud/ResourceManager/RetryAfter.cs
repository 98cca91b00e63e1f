using System.Globalization;
using Azure;

namespace DrFunctions.Cloud.ResourceManager;

/// <summary>Reads <c>Retry-After</c>.</summary>
internal static class RetryAfter
{
    private const int Longest = 24 * 60 * 60;

    /// <summary>The whole seconds that the answer asks for, at most a day; null when it asks for none that can be read.</summary>
    public static TimeSpan? Of(Response response) =>
        response.Headers.TryGetValue("Retry-After", out var value)
        && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, Longest))
            : null;
}
