using System.Globalization;
using System.Text.Json.Nodes;
using Azure.Core;
using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.ResourceManager.FlexibleServers;

/// <summary>PostgreSQL flexible servers: state, promotion and restore. Thread-safe.</summary>
/// <param name="client">Sends the requests.</param>
public sealed class FlexibleServersAdapter(ResourceManagerClient client) : IFlexibleServers
{
    private const string ApiVersion = "2025-08-01";

    /// <inheritdoc/>
    public async Task<FlexibleServer?> ReadAsync(ResourceId server, CancellationToken cancellationToken)
    {
        var answer = await client.SendAsync(new ResourceRequest(RequestMethod.Get, server, ApiVersion), cancellationToken);
        if (answer.Missing is not null)
        {
            return null;
        }

        var body = answer.Object();
        var properties = body.At("properties");
        return new FlexibleServer(
            properties.TextOrNull("state") ?? throw ResourceAnswer.Unreadable(answer.What, "without properties.state"),
            RoleOf(properties.TextOrNull("replica", "role") ?? properties.TextOrNull("replicationRole")),
            body.TextOrNull("location") ?? throw ResourceAnswer.Unreadable(answer.What, "without a location"),
            properties.TextOrNull("fullyQualifiedDomainName"),
            properties.IdOrNull("sourceServerResourceId"),
            properties.TimeOrNull("backup", "earliestRestoreDate"))
        {
            Tags = (body["tags"] as JsonObject ?? []).ToDictionary(tag => tag.Key, tag => body.TextOrNull("tags", tag.Key) ?? "", StringComparer.OrdinalIgnoreCase),
        };
    }

    /// <inheritdoc/>
    public async Task<string?> ReadReplicationAsync(ResourceId primary, ResourceId replica, CancellationToken cancellationToken)
    {
        var found = await ListAsync(primary, "replicas", cancellationToken);
        return found.FirstOrDefault(each => Same(each.TextOrNull("name"), replica.Name)).TextOrNull("properties", "replica", "replicationState");
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ReadReadersAsync(ResourceId primary, CancellationToken cancellationToken) =>
        [.. (await ListAsync(primary, "virtualendpoints", cancellationToken))
            .SelectMany(each => each.At("properties", "members") as JsonArray ?? [])
            .OfType<JsonValue>().Select(each => each.TryGetValue<string>(out var name) ? name : null).OfType<string>()];

    /// <inheritdoc/>
    public Task<BegunOperation> PromoteAsync(ResourceId replica, PostgresPromotion promotion, CancellationToken cancellationToken)
    {
        var switchover = promotion is PostgresPromotion.Switchover or PostgresPromotion.ForcedSwitchover;
        var change = new JsonObject
        {
            ["promoteMode"] = switchover ? "Switchover" : "Standalone",
            ["promoteOption"] = promotion is PostgresPromotion.Forced or PostgresPromotion.ForcedSwitchover ? "Forced" : "Planned",
        };
        if (switchover)
        {
            change["role"] = "Primary";
        }

        return client.BeginAsync(
            new ResourceRequest(RequestMethod.Patch, replica, ApiVersion) { Body = new JsonObject { ["properties"] = new JsonObject { ["replica"] = change } } },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<BegunOperation> StopAsync(ResourceId server, CancellationToken cancellationToken) => ActAsync(server, "stop", cancellationToken);

    /// <inheritdoc/>
    public Task<BegunOperation> StartAsync(ResourceId server, CancellationToken cancellationToken) => ActAsync(server, "start", cancellationToken);

    /// <inheritdoc/>
    public Task<BegunOperation> RestoreAsync(ResourceId target, PostgresRestore restore, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(restore);
        var body = new JsonObject
        {
            ["location"] = restore.Location,
            ["tags"] = new JsonObject(restore.Tags.Select(tag => KeyValuePair.Create<string, JsonNode?>(tag.Key, tag.Value))),
            ["properties"] = new JsonObject
            {
                ["createMode"] = restore.IsElsewhere ? "GeoRestore" : "PointInTimeRestore",
                ["sourceServerResourceId"] = restore.Source.Value,
                ["pointInTimeUTC"] = restore.To.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            },
        };
        return client.BeginAsync(new ResourceRequest(RequestMethod.Put, target, ApiVersion) { Body = body }, cancellationToken);
    }

    private Task<BegunOperation> ActAsync(ResourceId server, string action, CancellationToken cancellationToken) =>
        client.BeginAsync(new ResourceRequest(RequestMethod.Post, server, ApiVersion) { Action = action }, cancellationToken);

    private async Task<IEnumerable<JsonNode?>> ListAsync(ResourceId server, string list, CancellationToken cancellationToken)
    {
        // A server has at most five replicas and one virtual endpoint: there is no second page.
        var answer = await client.SendAsync(new ResourceRequest(RequestMethod.Get, server, ApiVersion) { Action = list }, cancellationToken);
        return answer.Object()["value"] as JsonArray ?? throw ResourceAnswer.Unreadable(answer.What, "without a value");
    }

    private static ReplicationRole RoleOf(string? role) => role?.ToUpperInvariant() switch
    {
        "NONE" => ReplicationRole.None,
        "PRIMARY" => ReplicationRole.Primary,
        "ASYNCREPLICA" or "GEOASYNCREPLICA" => ReplicationRole.Replica,
        _ => ReplicationRole.Unknown,
    };

    private static bool Same(string? left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
