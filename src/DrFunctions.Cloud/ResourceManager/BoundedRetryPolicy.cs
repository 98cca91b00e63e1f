using Azure.Core;
using Azure.Core.Pipeline;

namespace DrFunctions.Cloud.ResourceManager;

/// <summary>
/// Exponential back-off that honours <c>Retry-After</c>, but gives up at once when the service names a longer wait than the
/// options allow: a request sent before it has elapsed would only be refused again. Only reads are repeated after any failure.
/// </summary>
/// <remarks>
/// Whatever changes something is repeated only when it was refused for being too early (429): any other failure may have come after its
/// effect. Resource Manager's contract makes PUT idempotent, and stopping what is stopped changes nothing; but what is right to send is
/// decided by what was read a moment before, and by a lock that was held then. A repetition half a minute later could start what another
/// run has stopped since. So a write whose answer was lost fails here, and whoever wants it reads the state and decides anew.
/// </remarks>
internal sealed class BoundedRetryPolicy(ResourceManagerOptions options) : RetryPolicy(
    options.Retries, DelayStrategy.CreateExponentialDelayStrategy(options.RetryDelay, TimeSpan.FromSeconds(30)))
{
    protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        MayRepeat(message) && await base.ShouldRetryAsync(message, exception);

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
        MayRepeat(message) && base.ShouldRetry(message, exception);

    private bool MayRepeat(HttpMessage message) => message.HasResponse
        ? !(RetryAfter.Of(message.Response) > options.LongestRetryAfter) && (IsRead(message) || message.Response.Status == 429)
        : IsRead(message);

    private static bool IsRead(HttpMessage message) => message.Request.Method == RequestMethod.Get;
}
