using System.Globalization;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.StorageAccounts;

/// <summary>Reads what a PUT or a PATCH may set of an account.</summary>
internal static class AccountReader
{
    private static readonly string[] Objects =
    [
        "azureFilesIdentityBasedAuthentication", "customDomain", "encryption", "immutableStorageWithVersioning", "keyPolicy", "networkAcls", "routingPreference", "sasPolicy",
    ];

    private static readonly string[] Flags =
    [
        "allowBlobPublicAccess", "allowCrossTenantReplication", "allowSharedKeyAccess", "defaultToOAuthAuthentication", "enableExtendedGroups", "isHnsEnabled",
        "isLocalUserEnabled", "isNfsV3Enabled", "isSftpEnabled", "supportsHttpsTrafficOnly",
    ];

    private static readonly Dictionary<string, string[]> Choices = new()
    {
        ["accessTier"] = ["Hot", "Cool", "Cold", "Premium"],
        ["allowedCopyScope"] = ["PrivateLink", "AAD"],
        ["dnsEndpointType"] = ["Standard", "AzureDnsZone"],
        ["largeFileSharesState"] = ["Disabled", "Enabled"],
        ["minimumTlsVersion"] = ["TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"],
        ["publicNetworkAccess"] = ["Enabled", "Disabled", "SecuredByPerimeter"],
    };

    /// <summary>Settings that stay as they were made.</summary>
    private static readonly string[] Immutable = ["isHnsEnabled", "isNfsV3Enabled", "dnsEndpointType"];

    public static JsonObject DefaultSettings => new()
    {
        ["networkAcls"] = new JsonObject
        {
            ["bypass"] = "AzureServices",
            ["defaultAction"] = "Allow",
            ["ipRules"] = new JsonArray(),
            ["virtualNetworkRules"] = new JsonArray(),
            ["resourceAccessRules"] = new JsonArray(),
        },
        ["supportsHttpsTrafficOnly"] = true,
        ["minimumTlsVersion"] = "TLS1_0",
        ["allowBlobPublicAccess"] = false,
        ["encryption"] = new JsonObject { ["services"] = new JsonObject(), ["keySource"] = "Microsoft.Storage" },
        ["accessTier"] = "Hot",
    };

    public static JsonMembers Open(JsonObject body) => new(body, "", StorageErrors.Invalid);

    /// <summary>The account with the body's settings; what the body leaves out stays.</summary>
    /// <exception cref="ArmRejection">A member is wrong or cannot be changed any more.</exception>
    public static StorageAccount Apply(StorageAccount account, JsonObject body, bool isNew, DateTimeOffset now)
    {
        var root = Open(body);
        return account with
        {
            Kind = root.Choice("kind", "StorageV2", "Storage", "BlobStorage", "BlockBlobStorage", "FileStorage") ?? account.Kind,
            Tags = ArmTags.Read(body) ?? account.Tags,
            Identity = root.Copy("identity") ?? account.Identity,
            ExtendedLocation = root.Copy("extendedLocation") ?? account.ExtendedLocation,
            Settings = Merge(account.Settings, root.Object("properties"), isNew, now),
        };
    }

    private static JsonObject Merge(JsonObject settings, JsonMembers properties, bool isNew, DateTimeOffset now)
    {
        var merged = settings.DeepClone().AsObject();
        foreach (var (name, value) in Read(properties, now))
        {
            if (!isNew && Immutable.Contains(name) && merged[name]?.ToJsonString() != value.ToJsonString()
                && !(merged[name] is null && value.ToJsonString() == "false"))
            {
                throw StorageErrors.Immutable(name);
            }

            merged[name] = value;
        }

        return merged;
    }

    private static IEnumerable<(string Name, JsonNode Value)> Read(JsonMembers properties, DateTimeOffset now)
    {
        foreach (var name in Objects)
        {
            if (properties.Copy(name) is { } value)
            {
                yield return (name, name == "encryption" ? Encryption(value, now) : value);
            }
        }

        foreach (var name in Flags)
        {
            if (properties.Flag(name) is { } value)
            {
                yield return (name, value);
            }
        }

        foreach (var (name, choices) in Choices)
        {
            if (properties.Choice(name, choices) is { } value)
            {
                yield return (name, value);
            }
        }
    }

    private static JsonObject Encryption(JsonObject encryption, DateTimeOffset now)
    {
        foreach (var service in encryption["services"] is JsonObject services ? services.Select(each => each.Value).OfType<JsonObject>() : [])
        {
            service["lastEnabledTime"] ??= now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
        }

        return encryption;
    }
}
