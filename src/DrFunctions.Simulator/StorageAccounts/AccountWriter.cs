using System.Globalization;
using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.StorageAccounts;

/// <summary>An account as the service answers it.</summary>
internal sealed class AccountWriter(RegionOutages outages, GeoReplication replication)
{
    private const string Suffix = "core.windows.net";
    private static readonly string[] Services = ["dfs", "web", "blob", "queue", "table", "file"];

    public JsonObject Write(StorageAccount account, bool withReplication = false)
    {
        var json = new JsonObject
        {
            ["sku"] = new JsonObject { ["name"] = account.Sku, ["tier"] = StorageSku.TierOf(account.Sku) },
            ["kind"] = account.Kind,
            ["id"] = account.Id,
            ["name"] = account.Name,
            ["type"] = StorageAccount.Type,
            ["location"] = account.Location,
            ["properties"] = Properties(account, withReplication),
        };
        foreach (var (name, value) in new[] { ("tags", account.Tags), ("identity", account.Identity), ("extendedLocation", account.ExtendedLocation) })
        {
            if (value is not null)
            {
                json[name] = value.DeepClone();
            }
        }

        return json;
    }

    public static JsonObject WriteKeys(StorageAccount account) => new()
    {
        ["keys"] = new JsonArray([.. account.Keys.Select(key => new JsonObject
        {
            ["creationTime"] = Time(key.Created),
            ["keyName"] = key.Name,
            ["value"] = key.Value,
            ["permissions"] = "FULL",
        })]),
    };

    private JsonObject Properties(StorageAccount account, bool withReplication)
    {
        var properties = account.Settings.DeepClone().AsObject();
        properties["keyCreationTime"] = new JsonObject(account.Keys.Select(key => KeyValuePair.Create<string, JsonNode?>(key.Name, Time(key.Created))));
        properties["creationTime"] = Time(account.Created);
        properties["provisioningState"] = "Succeeded";
        properties["primaryLocation"] = account.PrimaryLocation;
        properties["statusOfPrimary"] = Status(account.PrimaryLocation);
        properties["primaryEndpoints"] = PrimaryEndpoints(account);
        properties["isSkuConversionBlocked"] = false;
        properties["accountMigrationInProgress"] = false;
        if (account.SecondaryLocation is { } secondary)
        {
            properties["secondaryLocation"] = secondary;
            properties["statusOfSecondary"] = Status(secondary);
            if (StorageSku.IsReadable(account.Sku))
            {
                properties["secondaryEndpoints"] = Endpoints(account.Name + "-secondary", Services.Where(service => service != "file"));
            }

            if (withReplication)
            {
                properties["geoReplicationStats"] = replication.Write(account);
            }
        }

        if (account.FailoverInProgress)
        {
            properties["failoverInProgress"] = true;
        }

        if (account.LastFailover is { } failover)
        {
            properties["lastGeoFailoverTime"] = Time(failover);
        }

        return properties;
    }

    private static JsonObject PrimaryEndpoints(StorageAccount account)
    {
        var endpoints = Endpoints(account.Name, Services);
        if (account.Settings["routingPreference"] is JsonObject routing)
        {
            if (IsTrue(routing["publishMicrosoftEndpoints"]))
            {
                endpoints["microsoftEndpoints"] = Endpoints(account.Name + "-microsoftrouting", Services);
            }

            if (IsTrue(routing["publishInternetEndpoints"]))
            {
                endpoints["internetEndpoints"] = Endpoints(account.Name + "-internetrouting", ["web", "dfs", "blob", "file"]);
            }
        }

        return endpoints;
    }

    private static JsonObject Endpoints(string host, IEnumerable<string> services) =>
        new(services.Select(service => KeyValuePair.Create<string, JsonNode?>(service, $"https://{host}.{service}.{Suffix}/")));

    private static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue(out bool flag) && flag;

    private string Status(string region) => outages.IsDark(region) ? "unavailable" : "available";

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
