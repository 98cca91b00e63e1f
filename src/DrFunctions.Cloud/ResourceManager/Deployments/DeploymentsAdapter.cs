using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Core;
using DrFunctions.Recovery.Deployments;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.ResourceManager.Deployments;

/// <summary>Deployments of templates to resource groups. Thread-safe.</summary>
/// <param name="client">Sends the requests.</param>
/// <param name="templates">Reads templates that lie in blobs.</param>
public sealed class DeploymentsAdapter(ResourceManagerClient client, TemplateBlobs templates) : IDeployments
{
    private const string ApiVersion = "2024-11-01";

    /// <inheritdoc/>
    public async Task<Deployment?> ReadAsync(ResourceId deployment, CancellationToken cancellationToken)
    {
        var answer = await client.SendAsync(new ResourceRequest(RequestMethod.Get, deployment, ApiVersion), cancellationToken);
        if (answer.Missing is not null)
        {
            return null;
        }

        var properties = answer.Object().At("properties");
        var status = properties.TextOrNull("provisioningState") ?? throw ResourceAnswer.Unreadable(answer.What, "without properties.provisioningState");
        return new Deployment(
            status.ToUpperInvariant() switch
            {
                "SUCCEEDED" => OperationState.Succeeded,
                "FAILED" or "CANCELED" => OperationState.Failed,
                _ => OperationState.Running,
            },
            status,
            [.. (properties.At("outputResources") as JsonArray ?? []).Select(each => each.IdOrNull("id")).OfType<ResourceId>()],
            ErrorOf(properties.At("error")));
    }

    /// <inheritdoc/>
    public async Task<BegunOperation> BeginAsync(
        ResourceId deployment, DeploymentTemplate template, IReadOnlyDictionary<string, JsonElement> parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(template);
        var properties = new JsonObject { ["mode"] = "Incremental" };
        if (template.Link is { } link)
        {
            properties["templateLink"] = new JsonObject { ["uri"] = link.AbsoluteUri };
            properties["parameters"] = TemplateValues.AsWritten(parameters);
        }
        else
        {
            var read = await templates.ReadAsync(template, cancellationToken);
            properties["parameters"] = TemplateValues.Of(read, parameters, template.Path!); // a blob has a path
            properties["template"] = read;
        }

        return await client.BeginAsync(
            new ResourceRequest(RequestMethod.Put, deployment, ApiVersion) { Body = new JsonObject { ["properties"] = properties } }, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task CheckAsync(DeploymentTemplate template, IReadOnlyDictionary<string, JsonElement> parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(template);
        if (template.Link is null)
        {
            TemplateValues.Of(await templates.ReadAsync(template, cancellationToken), parameters, template.Path!); // a blob has a path
        }
    }

    /// <summary>The innermost errors say what happened; those around them only that something did.</summary>
    private static string? ErrorOf(JsonNode? error)
    {
        var innermost = error;
        while (innermost.At("details") is JsonArray { Count: > 0 } details && details[0] is JsonObject inner)
        {
            innermost = inner;
        }

        return ResourceManagerFailure.Text(innermost.At("code")) is { } code ? $"{code}: {ResourceManagerFailure.Text(innermost.At("message"))}" : null;
    }
}
