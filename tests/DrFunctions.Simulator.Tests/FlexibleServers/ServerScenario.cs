namespace DrFunctions.Simulator.Tests.FlexibleServers;

/// <summary>A primary in westeurope, its replica in northeurope and virtual endpoints over both; a server for itself.</summary>
internal static class ServerScenario
{
    public const string Servers = "/subscriptions/" + Scenarios.Subscription + "/resourceGroups/shop/providers/Microsoft.DBforPostgreSQL/flexibleServers";
    public const string West = Servers + "/shop-west";
    public const string North = Servers + "/shop-north";
    public const string Solo = Servers + "/solo";
    public const string Endpoint = "/virtualEndpoints/shop-db";

    public static Scenario Create() => Scenarios.Shop() with
    {
        PostgreSqlServers =
        [
            new() { Name = "shop-west", ResourceGroup = "shop", Region = "westeurope", GeoRedundantBackup = true, VirtualEndpoint = "shop-db", VirtualEndpointReader = "shop-north" },
            new() { Name = "shop-north", ResourceGroup = "shop", Region = "northeurope", ReplicaOf = "shop-west", ReplicationLagSeconds = 5 },
            new() { Name = "shop-two", ResourceGroup = "shop", Region = "westeurope", ReplicaOf = "shop-west" },
            new() { Name = "solo", ResourceGroup = "shop", Region = "westeurope" },
        ],
    };

    public static async Task<string> StateAsync(this Simulation simulation, string path) =>
        (string)(await simulation.SendAsync("GET", path)).Body!["properties"]!["state"]!;

    public static async Task<string> RoleAsync(this Simulation simulation, string path) =>
        (string)(await simulation.SendAsync("GET", path)).Body!["properties"]!["replica"]!["role"]!;
}
