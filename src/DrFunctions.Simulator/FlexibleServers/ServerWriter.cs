using System.Globalization;
using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.FlexibleServers;

/// <summary>Servers, backups and virtual endpoints as the service answers them.</summary>
internal sealed class ServerWriter(ServerStore servers, Replication replication, ServerBackups backups)
{
    /// <param name="server">The server.</param>
    /// <param name="listedAsReplica">Whether it is shown in the list of a primary's replicas, the only place with the state of the replication.</param>
    public JsonObject Write(FlexibleServer server, bool listedAsReplica = false)
    {
        var json = new JsonObject
        {
            ["sku"] = new JsonObject { ["name"] = server.SkuName, ["tier"] = server.Tier },
            ["systemData"] = new JsonObject { ["createdAt"] = Time(server.Created) },
            ["properties"] = Properties(server, listedAsReplica),
            ["location"] = server.Location,
            ["id"] = server.Id,
            ["name"] = server.Name,
            ["type"] = FlexibleServer.Type,
        };
        if (server.Identity is not null)
        {
            json["identity"] = server.Identity.DeepClone();
        }

        if (server.Tags is not null)
        {
            json["tags"] = server.Tags.DeepClone();
        }

        return json;
    }

    public JsonObject Write(VirtualEndpoint endpoint) => new()
    {
        ["properties"] = new JsonObject
        {
            ["endpointType"] = "ReadWrite",
            ["members"] = new JsonArray(servers.TryFind(endpoint.ReaderId, out var reader) ? reader.Name : endpoint.ReaderId.Split('/')[^1]),
            ["virtualEndpoints"] = new JsonArray(endpoint.Reader, endpoint.Writer),
        },
        ["id"] = $"{endpoint.ServerId}/virtualEndpoints/{endpoint.Name}",
        ["name"] = endpoint.Name,
        ["type"] = VirtualEndpoint.Type,
    };

    public static JsonObject Write(FlexibleServer server, ServerBackup backup, bool automatic) => new()
    {
        ["properties"] = new JsonObject
        {
            ["backupType"] = automatic ? "Full" : "Customer On-Demand",
            ["source"] = automatic ? "Automatic" : "Customer Initiated",
            ["completedTime"] = backup.Completed.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture),
        },
        ["id"] = $"{server.Id}/backups/{backup.Name}",
        ["name"] = backup.Name,
        ["type"] = FlexibleServer.Type + "/backups",
    };

    private JsonObject Properties(FlexibleServer server, bool listedAsReplica)
    {
        var role = replication.RoleOf(server);
        var capacity = role == "Primary" ? Replication.Capacity : 0;
        var replica = new JsonObject { ["role"] = role, ["capacity"] = capacity };
        if (listedAsReplica)
        {
            replica["replicationState"] = replication.StateOf(server);
        }

        var backup = new JsonObject
        {
            ["backupRetentionDays"] = server.BackupRetentionDays,
            ["geoRedundantBackup"] = server.GeoRedundantBackup ? "Enabled" : "Disabled",
        };
        if (backups.EarliestRestore(server) is { } earliest)
        {
            backup["earliestRestoreDate"] = Time(earliest);
        }

        var properties = new JsonObject
        {
            ["replica"] = replica,
            ["storage"] = new JsonObject
            {
                ["type"] = server.StorageType,
                ["iops"] = ServerSizes.IopsOf(server.StorageTier),
                ["tier"] = server.StorageTier,
                ["storageSizeGB"] = server.StorageSizeGB,
                ["autoGrow"] = server.AutoGrow,
            },
            ["network"] = server.Network.DeepClone(),
            ["privateEndpointConnections"] = new JsonArray(),
            ["dataEncryption"] = server.DataEncryption.DeepClone(),
            ["authConfig"] = server.AuthConfig.DeepClone(),
            ["fullyQualifiedDomainName"] = server.HostName,
            ["version"] = server.Version.ToString(CultureInfo.InvariantCulture),
            ["minorVersion"] = "5",
            ["administratorLogin"] = server.AdministratorLogin ?? "simulated",
            ["state"] = server.State.ToString(),
            ["availabilityZone"] = server.AvailabilityZone,
            ["backup"] = backup,
            ["highAvailability"] = HighAvailability(server),
            ["maintenanceWindow"] = server.MaintenanceWindow.DeepClone(),
            ["replicationRole"] = role,
            ["replicaCapacity"] = capacity,
        };
        if (server.SourceId is { } source)
        {
            properties["sourceServerResourceId"] = source;
        }

        return properties;
    }

    private static JsonObject HighAvailability(FlexibleServer server) => server.HighAvailability == "Disabled"
        ? new JsonObject { ["mode"] = "Disabled", ["state"] = "NotEnabled" }
        : new JsonObject
        {
            ["mode"] = server.HighAvailability,
            ["state"] = "Healthy",
            ["standbyAvailabilityZone"] = server.HighAvailability == "SameZone" ? server.AvailabilityZone : server.AvailabilityZone == "2" ? "1" : "2",
        };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
