using Azure.Core;
using Azure.Core.Pipeline;

namespace DrFunctions.Cloud.ResourceManager;

/// <summary>
/// Exponential back-off that honours <c>Retry-After</c>, but gives up at once when the service names a longer wait than the
/// options allow: a request sent before it has elapsed would only be refused again. A request that begins an operation is repeated
/// only when it was refused for being too early: any other failure may have come after its effect.
/// </summary>
internal sealed class BoundedRetryPolicy(ResourceManagerOptions options) : RetryPolicy(
    options.Retries, DelayStrategy.CreateExponentialDelayStrategy(options.RetryDelay, TimeSpan.FromSeconds(30)))
{
    /// <summary>Marks a message that begins an operation.</summary>
    public static void SendOnce(HttpMessage message) => message.SetProperty(typeof(BoundedRetryPolicy), true);

    protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        MayRepeat(message) && await base.ShouldRetryAsync(message, exception);

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
        MayRepeat(message) && base.ShouldRetry(message, exception);

    private bool MayRepeat(HttpMessage message) => message.HasResponse
        ? !(RetryAfter.Of(message.Response) > options.LongestRetryAfter) && (!IsSentOnce(message) || message.Response.Status == 429)
        : !IsSentOnce(message);

    private static bool IsSentOnce(HttpMessage message) => message.TryGetProperty(typeof(BoundedRetryPolicy), out _);
}
