using Azure.Core;
using DrFunctions.Recovery.Evaluation.Resources;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.ResourceManager.Evaluation;

/// <summary>Reads web apps and their App Service plans. Thread-safe.</summary>
/// <param name="client">Sends the requests.</param>
public sealed class ResourceReader(ResourceManagerClient client) : IResourceReader
{
    private const string ApiVersion = "2024-11-01";

    /// <inheritdoc/>
    public async Task<WebAppFacts?> ReadWebAppAsync(ResourceId site, CancellationToken cancellationToken)
    {
        var answer = await client.SendAsync(RequestMethod.Get, site, null, ApiVersion, null, cancellationToken);
        if (answer.Missing is not null)
        {
            return null;
        }

        var body = answer.Object();
        var plan = ResourceId.TryParse(body.TextOrNull("properties", "serverFarmId"), out var id)
            ? await client.SendAsync(RequestMethod.Get, id, null, ApiVersion, null, cancellationToken)
            : null;
        return new WebAppFacts(
            body.TextOrNull("location"),
            body.TextOrNull("kind"),
            body.TextOrNull("properties", "state"),
            plan?.Json.TextOrNull("sku", "name"),
            plan?.Json.TextOrNull("sku", "tier"));
    }
}
