using Azure.Core;
using Azure.Core.Pipeline;

namespace DrFunctions.Cloud.ResourceManager;

/// <summary>
/// Exponential back-off that honours <c>Retry-After</c>, but gives up at once when the service names a longer wait than the
/// options allow: a request sent before it has elapsed would only be refused again.
/// </summary>
internal sealed class BoundedRetryPolicy(ResourceManagerOptions options) : RetryPolicy(
    options.Retries, DelayStrategy.CreateExponentialDelayStrategy(options.RetryDelay, TimeSpan.FromSeconds(30)))
{
    protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        !IsTooLong(message) && await base.ShouldRetryAsync(message, exception);

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
        !IsTooLong(message) && base.ShouldRetry(message, exception);

    private bool IsTooLong(HttpMessage message) =>
        message.HasResponse
        && message.Response.Headers.TryGetValue("Retry-After", out var value)
        && int.TryParse(value, out var seconds)
        && seconds > options.LongestRetryAfter.TotalSeconds;
}
