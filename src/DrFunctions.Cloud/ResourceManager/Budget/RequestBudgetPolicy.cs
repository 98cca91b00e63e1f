using Azure.Core;
using Azure.Core.Pipeline;

namespace DrFunctions.Cloud.ResourceManager.Budget;

/// <summary>Lets each attempt of each request, polls and repetitions too, wait for its turn.</summary>
/// <param name="budget">The process's budget.</param>
internal sealed class RequestBudgetPolicy(RequestBudget budget) : HttpPipelinePolicy
{
    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var (method, path) = (message.Request.Method.Method, message.Request.Uri.Path);
        await budget.WaitAsync(method, path, message.CancellationToken);
        await ProcessNextAsync(message, pipeline);

        // A 429 without a code of throttling is about one resource that is busy.
        if (message.Response.Status == 429 && RetryAfter.Of(message.Response) is { } wait && ResourceManagerFailure.IsThrottling(message.Response))
        {
            budget.Hold(method, path, wait);
        }
    }

    /// <inheritdoc/>
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Resource Manager is asked asynchronously only.");
}
