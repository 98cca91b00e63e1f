using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.FlexibleServers;

/// <summary>Reads the settings of a server that a PUT or a PATCH may change; passwords are read over and kept nowhere.</summary>
internal static class ServerReader
{
    public static JsonMembers Open(JsonObject body) => new(body, "", ServerErrors.Invalid);

    /// <summary>The server with the body's settings; what the body leaves out stays.</summary>
    /// <exception cref="ArmRejection">A member is wrong.</exception>
    public static FlexibleServer Apply(FlexibleServer server, JsonObject body)
    {
        var root = Open(body);
        var properties = root.Object("properties");
        var (sku, storage, backup) = (root.Object("sku"), properties.Object("storage"), properties.Object("backup"));
        var size = storage.Number("storageSizeGB", ServerSizes.Min, ServerSizes.Max) ?? server.StorageSizeGB;
        return server with
        {
            Tags = ArmTags.Read(body) ?? server.Tags,
            Identity = Identity(root.Copy("identity")) ?? server.Identity,
            SkuName = sku.Text("name") ?? server.SkuName,
            Tier = sku.Choice("tier", "Burstable", "GeneralPurpose", "MemoryOptimized") ?? server.Tier,
            Version = Version(properties) ?? server.Version,
            AdministratorLogin = properties.Text("administratorLogin") ?? server.AdministratorLogin,
            AvailabilityZone = properties.Text("availabilityZone") ?? server.AvailabilityZone,
            StorageSizeGB = size,
            StorageTier = storage.Choice("tier", ServerSizes.Tiers) ?? (size == server.StorageSizeGB ? server.StorageTier : ServerSizes.TierOf(size)),
            AutoGrow = storage.Choice("autoGrow", "Enabled", "Disabled") ?? server.AutoGrow,
            StorageType = storage.Text("type") ?? server.StorageType,
            Network = Network(properties) ?? server.Network,
            DataEncryption = Encryption(properties.Copy("dataEncryption")) ?? server.DataEncryption,
            AuthConfig = properties.Copy("authConfig") ?? server.AuthConfig,
            MaintenanceWindow = properties.Copy("maintenanceWindow") ?? server.MaintenanceWindow,
            BackupRetentionDays = backup.Number("backupRetentionDays", 7, 35) ?? server.BackupRetentionDays,
            HighAvailability = properties.Object("highAvailability").Choice("mode", "Disabled", "SameZone", "ZoneRedundant") ?? server.HighAvailability,
        };
    }

    /// <summary>Whether backups are to be copied to another region; can be chosen only when a server is made.</summary>
    public static bool? GeoRedundantBackup(JsonObject body) =>
        Open(body).Object("properties").Object("backup").Choice("geoRedundantBackup", "Enabled", "Disabled") is { } choice ? choice == "Enabled" : null;

    private static int? Version(JsonMembers properties) => properties.Text("version") is { } text
        ? int.TryParse(text, out var version) && version is >= 11 and <= 18 ? version : throw properties.Wrong("version", "a major version from 11 to 18")
        : null;

    private static JsonObject? Network(JsonMembers properties)
    {
        var network = properties.Copy("network");
        if (network is not null && network["publicNetworkAccess"] is null)
        {
            network["publicNetworkAccess"] = network["delegatedSubnetResourceId"] is null ? "Enabled" : "Disabled";
        }

        return network;
    }

    private static JsonObject? Encryption(JsonObject? encryption)
    {
        if (encryption is null)
        {
            return null;
        }

        foreach (var empty in encryption.Where(each => each.Value is JsonValue value && value.TryGetValue(out string? text) && text.Length == 0).Select(each => each.Key).ToList())
        {
            encryption.Remove(empty);
        }

        if (encryption["primaryKeyURI"] is not null)
        {
            encryption["primaryEncryptionKeyStatus"] = "Valid";
        }

        return encryption;
    }

    private static JsonObject? Identity(JsonObject? identity)
    {
        if (identity?["userAssignedIdentities"] is JsonObject assigned)
        {
            foreach (var id in assigned.Select(each => each.Key).ToList())
            {
                // The service fills in who the identity is.
                assigned[id] = new JsonObject { ["principalId"] = "00000000-0000-0000-0000-000000000001", ["clientId"] = "00000000-0000-0000-0000-000000000002" };
            }
        }

        return identity;
    }
}
