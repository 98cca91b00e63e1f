using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.SqlFailoverGroups;

/// <summary>Writes servers, databases and failover groups as the service shows them.</summary>
internal sealed class SqlWriter(SqlStore store, SqlReplication replication)
{
    public static JsonObject Write(SqlServer server) => WithTags(server.Tags, new JsonObject
    {
        ["kind"] = "v12.0",
        ["properties"] = new JsonObject
        {
            ["administratorLogin"] = server.AdministratorLogin,
            ["version"] = "12.0",
            ["state"] = "Ready",
            ["fullyQualifiedDomainName"] = server.Name.ToLowerInvariant() + ".database.windows.net",
            ["publicNetworkAccess"] = "Enabled",
        },
        ["location"] = server.Region,
        ["id"] = server.Id,
        ["name"] = server.Name,
        ["type"] = SqlServer.Type,
    });

    public JsonObject Write(SqlDatabase database)
    {
        var server = store.FindServer(database.ServerId);
        var json = WithTags(database.Tags, new JsonObject
        {
            ["sku"] = Sku(database.SkuName),
            ["kind"] = "v12.0,user",
            ["properties"] = new JsonObject
            {
                ["collation"] = database.Collation,
                ["maxSizeBytes"] = database.MaxSizeBytes,
                ["status"] = "Online",
                ["databaseId"] = database.DatabaseId.ToString(),
                ["creationDate"] = database.Created.UtcDateTime,
                ["currentServiceObjectiveName"] = database.SkuName,
                ["requestedServiceObjectiveName"] = database.SkuName,
                ["defaultSecondaryLocation"] = replication.OtherRegion(server),
                ["catalogCollation"] = "SQL_Latin1_General_CP1_CI_AS",
                ["isInfraEncryptionEnabled"] = false,
                ["zoneRedundant"] = false,
                ["earliestRestoreDate"] = database.Created.UtcDateTime.AddMinutes(10),
                ["readScale"] = "Disabled",
                ["currentSku"] = Sku(database.SkuTier),
                ["currentBackupStorageRedundancy"] = "Geo",
                ["requestedBackupStorageRedundancy"] = "Geo",
                ["isLedgerOn"] = false,
            },
            ["location"] = server.Region,
            ["id"] = database.Id,
            ["name"] = database.Name,
            ["type"] = SqlDatabase.Type,
        });
        if (database.SecondaryType is not null)
        {
            json["properties"]!["secondaryType"] = database.SecondaryType; // written above
        }

        return json;

        JsonObject Sku(string name) => new() { ["name"] = name, ["tier"] = database.SkuTier, ["capacity"] = database.SkuCapacity };
    }

    /// <summary>The group as the server shows it.</summary>
    public JsonObject Write(FailoverGroup group, SqlServer server)
    {
        var partner = store.FindServer(group.PartnerOf(server.Id));
        var readWrite = new JsonObject { ["failoverPolicy"] = group.Automatic ? "Automatic" : "Manual" };
        if (group.GraceMinutes is { } minutes)
        {
            readWrite["failoverWithDataLossGracePeriodMinutes"] = minutes;
        }

        return new JsonObject
        {
            ["location"] = server.Region,
            ["properties"] = new JsonObject
            {
                ["readWriteEndpoint"] = readWrite,
                ["readOnlyEndpoint"] = new JsonObject
                {
                    ["failoverPolicy"] = group.ReadOnlyFailsOver ? "Enabled" : "Disabled",
                    ["targetServer"] = partner.Id,
                },
                ["replicationRole"] = RoleOf(server),
                ["replicationState"] = replication.StateOn(group, server),
                ["partnerServers"] = new JsonArray(new JsonObject
                {
                    ["id"] = partner.Id,
                    ["location"] = partner.Region,
                    ["replicationRole"] = RoleOf(partner),
                }),
                ["databases"] = new JsonArray([.. group.Databases.Select(name => JsonValue.Create(server.DatabaseId(name)))]),
            },
            ["id"] = group.IdOn(server.Id),
            ["name"] = group.Name,
            ["type"] = FailoverGroup.Type,
        };

        string RoleOf(SqlServer each) => ArmRouter.Is(each.Id, group.PrimaryId) ? "Primary" : "Secondary";
    }

    private static JsonObject WithTags(JsonObject? tags, JsonObject json)
    {
        if (tags is not null)
        {
            json["tags"] = tags.DeepClone();
        }

        return json;
    }
}
