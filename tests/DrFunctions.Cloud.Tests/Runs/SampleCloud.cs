using DrFunctions.Simulator;

namespace DrFunctions.Cloud.Tests.Runs;

/// <summary>The cloud that the ready plans are about. Endpoints are served without being probed, unless a test has them probed.</summary>
internal static class SampleCloud
{
    public static Scenario Scenario { get; } = new()
    {
        SubscriptionId = "00000000-0000-0000-0000-000000000001",
        ResourceGroups = ["shop"],
        BearerToken = "simulated",
        Regions = [new() { Name = "westeurope", Address = "127.0.0.41" }, new() { Name = "northeurope", Address = "127.0.0.42" }],
        Sites =
        [
            new() { Name = "shop-westeurope", ResourceGroup = "shop", Region = "westeurope" },
            new() { Name = "shop-northeurope", ResourceGroup = "shop", Region = "northeurope" },
        ],
        AppServicePlans = [new() { Name = "standby", ResourceGroup = "shop", Region = "northeurope", Sku = "B1" }],
        TrafficManagerProfiles =
        [
            ByPriority("shop", "westeurope", "northeurope"),
            ByPriority("shop-europe", "westeurope", "northeurope"),
            ByPriority("shop-world", "northeurope", "westeurope"),
            new()
            {
                Name = "shop-weighted",
                ResourceGroup = "shop",
                RoutingMethod = "Weighted",
                TtlInSeconds = 5,
                Endpoints = [Endpoint("westeurope") with { Weight = 500 }, Endpoint("northeurope") with { Weight = 500 }],
            },
            new()
            {
                Name = "shop-geographic",
                ResourceGroup = "shop",
                RoutingMethod = "Geographic",
                TtlInSeconds = 5,
                Endpoints =
                [
                    new() { Name = "europe", Profile = "shop-europe", GeoMapping = ["GEO-EU"] },
                    new() { Name = "world", Profile = "shop-world", GeoMapping = ["WORLD"] },
                ],
            },
        ],
        ClientNetworks = [new() { Subnet = "203.0.113.0/24", Location = "DE" }, new() { Subnet = "198.51.100.0/24", Location = "US" }],
        PostgreSqlServers =
        [
            new() { Name = "shop-westeurope", ResourceGroup = "shop", Region = "westeurope", VirtualEndpoint = "shop", VirtualEndpointReader = "shop-northeurope", GeoRedundantBackup = true },
            new() { Name = "shop-northeurope", ResourceGroup = "shop", Region = "northeurope", ReplicaOf = "shop-westeurope" },
        ],
        StorageAccounts = [new() { Name = "shopfiles", ResourceGroup = "shop", Region = "westeurope", SecondaryRegion = "northeurope", Sku = "Standard_GRS" }],
        SqlServers =
        [
            new() { Name = "sql-westeurope", ResourceGroup = "shop", Region = "westeurope", Databases = ["orders"] },
            new() { Name = "sql-northeurope", ResourceGroup = "shop", Region = "northeurope" },
        ],
        SqlFailoverGroups = [new() { Name = "shop", Primary = "sql-westeurope", Secondary = "sql-northeurope", Databases = ["orders"] }],
        LinkedTemplates =
        [
            new()
            {
                Uri = "https://templates.example/standby.json",
                Json = """
                    {"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0",
                    "parameters":{"size":{"type":"string"}},
                    "resources":[{"type":"Microsoft.Web/serverfarms","apiVersion":"2024-11-01","name":"cold","location":"northeurope",
                    "sku":{"name":"[parameters('size')]","capacity":1}}]}
                    """,
            },
        ],
    };

    /// <summary>The same with every endpoint probed every ten seconds.</summary>
    public static Scenario Probed { get; } = Scenario with
    {
        TrafficManagerProfiles =
        [
            .. Scenario.TrafficManagerProfiles.Select(profile => profile with
            {
                Monitor = new() { IntervalInSeconds = 10, TimeoutInSeconds = 5, ToleratedNumberOfFailures = 0 },
                Endpoints = [.. profile.Endpoints.Select(endpoint => endpoint with { AlwaysServe = false })],
            }),
        ],
    };

    private static ScenarioProfile ByPriority(string name, string first, string second) => new()
    {
        Name = name,
        ResourceGroup = "shop",
        TtlInSeconds = 5,
        Endpoints = [Endpoint(first) with { Priority = 1 }, Endpoint(second) with { Priority = 2 }],
    };

    private static ScenarioEndpoint Endpoint(string region) => new() { Name = region, Site = $"shop-{region}", AlwaysServe = true };
}
