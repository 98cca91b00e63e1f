using System.Text.Json.Nodes;
using Azure.Core;
using DrFunctions.Recovery.AppServicePlans;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.ResourceManager.AppServicePlans;

/// <summary>App Service plans: size and instances. Thread-safe.</summary>
/// <param name="client">Sends the requests.</param>
public sealed class AppServicePlansAdapter(ResourceManagerClient client) : IAppServicePlans
{
    private const string ApiVersion = "2024-11-01";
    private static readonly string[] s_kept = ["kind", "tags", "properties", "identity", "extendedLocation"];

    /// <inheritdoc/>
    public async Task<AppServicePlan?> ReadAsync(ResourceId plan, CancellationToken cancellationToken)
    {
        var answer = await client.SendAsync(new ResourceRequest(RequestMethod.Get, plan, ApiVersion), cancellationToken);
        if (answer.Missing is not null)
        {
            return null;
        }

        var body = answer.Object();
        return new AppServicePlan(
            body.TextOrNull("sku", "name") ?? throw ResourceAnswer.Unreadable(answer.What, "without sku.name"),
            body.NumberOrNull("sku", "capacity") ?? throw ResourceAnswer.Unreadable(answer.What, "without sku.capacity"),
            !string.Equals(body.TextOrNull("properties", "provisioningState") ?? "Succeeded", "Succeeded", StringComparison.OrdinalIgnoreCase)
                || string.Equals(body.TextOrNull("properties", "status"), "Pending", StringComparison.OrdinalIgnoreCase),
            body.NumberOrNull("properties", "maximumNumberOfWorkers"));
    }

    /// <inheritdoc/>
    public async Task<BegunOperation> ScaleAsync(ResourceId plan, string? size, int? instances, CancellationToken cancellationToken)
    {
        var read = new ResourceRequest(RequestMethod.Get, plan, ApiVersion);
        var answer = await client.SendAsync(read, cancellationToken);
        var found = answer.Object();

        // Tier, size and family follow from the name; the old ones would contradict a new one.
        var sku = new JsonObject
        {
            ["name"] = size ?? found.TextOrNull("sku", "name"),
            ["capacity"] = instances ?? found.NumberOrNull("sku", "capacity"),
        };
        var body = new JsonObject { ["location"] = found["location"]?.DeepClone(), ["sku"] = sku };
        foreach (var kept in s_kept.Where(name => found[name] is not null))
        {
            body[kept] = found[kept]!.DeepClone(); // it is there
        }

        // A provisioning state that differs from the service's at the time of the write would be refused.
        (body["properties"] as JsonObject)?.Remove("provisioningState");
        return await client.BeginAsync(read with { Method = RequestMethod.Put, Body = body }, cancellationToken);
    }
}
