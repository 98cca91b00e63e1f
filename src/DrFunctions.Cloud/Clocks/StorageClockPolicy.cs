using Azure.Core;
using Azure.Core.Pipeline;

namespace DrFunctions.Cloud.Clocks;

/// <summary>Tells the clock the date of every answer of storage, refusals among them. To be used for each try by itself.</summary>
internal sealed class StorageClockPolicy(StorageClock clock) : HttpPipelinePolicy
{
    /// <inheritdoc/>
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var sent = clock.GetTimestamp();
        ProcessNext(message, pipeline);
        Observe(message, sent);
    }

    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var sent = clock.GetTimestamp();
        await ProcessNextAsync(message, pipeline);
        Observe(message, sent);
    }

    // Without an id of storage the answer is a proxy's, whose clock is nobody's business.
    private void Observe(HttpMessage message, long sent)
    {
        if (message.HasResponse && message.Response.Headers is { RequestId: not null, Date: { } date })
        {
            clock.Observe(date, sent, clock.GetTimestamp());
        }
    }
}
