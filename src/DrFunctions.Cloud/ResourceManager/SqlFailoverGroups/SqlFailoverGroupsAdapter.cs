using System.Text.Json.Nodes;
using Azure.Core;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.SqlFailoverGroups;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.ResourceManager.SqlFailoverGroups;

/// <summary>Failover groups of Azure SQL Database: state and failover. Thread-safe.</summary>
/// <param name="client">Sends the requests.</param>
public sealed class SqlFailoverGroupsAdapter(ResourceManagerClient client) : ISqlFailoverGroups
{
    private const string ApiVersion = "2023-08-01";

    /// <inheritdoc/>
    public async Task<SqlFailoverGroup?> ReadAsync(ResourceId group, CancellationToken cancellationToken)
    {
        var answer = await client.SendAsync(new ResourceRequest(RequestMethod.Get, group, ApiVersion), cancellationToken);
        if (answer.Missing is not null)
        {
            return null;
        }

        var properties = answer.Object().At("properties");
        var role = properties.TextOrNull("replicationRole") ?? throw ResourceAnswer.Unreadable(answer.What, "without properties.replicationRole");
        return new SqlFailoverGroup(
            string.Equals(role, "Primary", StringComparison.OrdinalIgnoreCase),
            properties.TextOrNull("replicationState") ?? "",
            (properties.At("partnerServers") as JsonArray)?.FirstOrDefault().IdOrNull("id"),
            [.. (properties.At("databases") as JsonArray ?? []).OfType<JsonValue>()
                .Select(each => each.TryGetValue<string>(out var id) ? id[(id.LastIndexOf('/') + 1)..] : null).OfType<string>()]);
    }

    /// <inheritdoc/>
    public Task<BegunOperation> FailOverAsync(ResourceId group, bool allowDataLoss, CancellationToken cancellationToken) =>
        client.BeginAsync(
            new ResourceRequest(RequestMethod.Post, group, ApiVersion) { Action = allowDataLoss ? "forceFailoverAllowDataLoss" : "failover" },
            cancellationToken);
}
