using System.Text.Json.Nodes;
using Azure.Core;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.StorageAccounts;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.ResourceManager.StorageAccounts;

/// <summary>Storage accounts: how their copy is doing, and failover. Thread-safe.</summary>
/// <param name="client">Sends the requests.</param>
public sealed class StorageAccountsAdapter(ResourceManagerClient client) : IStorageAccounts
{
    private const string ApiVersion = "2024-01-01";

    /// <inheritdoc/>
    public async Task<GeoAccount?> ReadAsync(ResourceId account, CancellationToken cancellationToken)
    {
        var answer = await client.SendAsync(
            new ResourceRequest(RequestMethod.Get, account, ApiVersion) { Query = [("$expand", "geoReplicationStats")] }, cancellationToken);
        if (answer.Missing is not null)
        {
            return null;
        }

        var body = answer.Object();
        var properties = body.At("properties");
        return new GeoAccount(
            body.TextOrNull("sku", "name") ?? throw ResourceAnswer.Unreadable(answer.What, "without sku.name"),
            properties.TextOrNull("primaryLocation") ?? throw ResourceAnswer.Unreadable(answer.What, "without properties.primaryLocation"),
            properties.TextOrNull("secondaryLocation"),
            properties.IsTrue("failoverInProgress"),
            properties.TimeOrNull("lastGeoFailoverTime"),
            properties.At("geoReplicationStats") is { } copy ? CopyOf(copy, properties.TimeOrNull("creationTime")) : null);
    }

    /// <inheritdoc/>
    public Task<BegunOperation> FailOverAsync(ResourceId account, bool planned, CancellationToken cancellationToken) =>
        client.BeginAsync(
            new ResourceRequest(RequestMethod.Post, account, ApiVersion)
            {
                Action = "failover",

                // There is no other type: unplanned is the parameter's absence.
                Query = planned ? [("failoverType", "Planned")] : [],
            },
            cancellationToken);

    private static GeoCopy CopyOf(JsonNode copy, DateTimeOffset? created) => new(
        copy.TextOrNull("status") ?? "Unavailable",
        copy.TimeOrNull("lastSyncTime") is { } time && time > (created ?? DateTimeOffset.UnixEpoch) ? time : null,
        copy.IsTrue("canFailover"),
        copy.IsTrue("canPlannedFailover"));
}
