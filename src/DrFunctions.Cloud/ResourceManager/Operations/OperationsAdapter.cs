using DrFunctions.Recovery.Operations;

namespace DrFunctions.Cloud.ResourceManager.Operations;

/// <summary>Polls operations at the URLs that Resource Manager gave. Thread-safe.</summary>
/// <param name="client">Sends the requests.</param>
public sealed class OperationsAdapter(ResourceManagerClient client) : IOperations
{
    /// <inheritdoc/>
    public Task<OperationProgress> PollAsync(OperationPoll poll, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(poll);
        return client.PollAsync(poll, cancellationToken);
    }
}
