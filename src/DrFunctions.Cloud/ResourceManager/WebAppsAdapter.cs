using Azure.Core;
using DrFunctions.Recovery.WebApps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.ResourceManager;

/// <summary>App Service sites: state, start and stop. Thread-safe.</summary>
/// <param name="client">Sends the requests.</param>
public sealed class WebAppsAdapter(ResourceManagerClient client) : IWebApps
{
    private const string ApiVersion = "2024-11-01";

    /// <inheritdoc/>
    public async Task<string?> ReadStateAsync(ResourceId site, CancellationToken cancellationToken)
    {
        var answer = await client.SendAsync(RequestMethod.Get, site, null, ApiVersion, null, cancellationToken);
        return answer.Missing is not null
            ? null
            : answer.Object().TextOrNull("properties", "state") ?? throw ResourceAnswer.Unreadable(answer.What, "without properties.state");
    }

    /// <inheritdoc/>
    public Task StartAsync(ResourceId site, CancellationToken cancellationToken) => ActAsync(site, "start", cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(ResourceId site, CancellationToken cancellationToken) => ActAsync(site, "stop", cancellationToken);

    private async Task ActAsync(ResourceId site, string action, CancellationToken cancellationToken)
    {
        var answer = await client.SendAsync(RequestMethod.Post, site, action, ApiVersion, null, cancellationToken);
        if (answer.Missing is { } missing)
        {
            throw missing;
        }
    }
}
