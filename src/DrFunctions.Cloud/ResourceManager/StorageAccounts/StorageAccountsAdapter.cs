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

    /// <inheritdoc/>
    public async Task<StorageAccess?> ReadAccessAsync(ResourceId account, CancellationToken cancellationToken)
    {
        var answer = await client.SendAsync(new ResourceRequest(RequestMethod.Get, account, ApiVersion), cancellationToken);
        if (answer.Missing is not null)
        {
            return null;
        }

        var properties = answer.Object().At("properties");
        return new StorageAccess(
            properties.TextOrNull("publicNetworkAccess") ?? "Enabled", // absent means open, as it does for keys
            properties.At("allowSharedKeyAccess") is null || properties.IsTrue("allowSharedKeyAccess"),
            (properties.At("privateEndpointConnections") as JsonArray ?? []).Count(each =>
                !string.Equals(each.TextOrNull("properties", "privateLinkServiceConnectionState", "status"), "Rejected", StringComparison.OrdinalIgnoreCase)));
    }

    /// <inheritdoc/>
    public async Task SetAccessAsync(ResourceId account, StorageAccess access, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(access);
        var body = new JsonObject
        {
            ["properties"] = new JsonObject { ["publicNetworkAccess"] = access.PublicNetworkAccess, ["allowSharedKeyAccess"] = access.SharedKeys },
        };
        var answer = await client.SendAsync(new ResourceRequest(RequestMethod.Patch, account, ApiVersion) { Body = body }, cancellationToken);
        if (answer.Missing is { } missing)
        {
            throw missing;
        }
    }

    private static GeoCopy CopyOf(JsonNode copy, DateTimeOffset? created) => new(
        copy.TextOrNull("status") ?? "Unavailable",
        copy.TimeOrNull("lastSyncTime") is { } time && time > (created ?? DateTimeOffset.UnixEpoch) ? time : null,
        copy.IsTrue("canFailover"),
        copy.IsTrue("canPlannedFailover"));
}
