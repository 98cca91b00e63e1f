namespace DrFunctions.Simulator.Tests.SqlFailoverGroups;

internal static class SqlScenario
{
    public const string Group = "/subscriptions/" + Scenarios.Subscription + "/resourceGroups/shop/providers/Microsoft.Sql/servers/";
    public const string West = Group + "sql-west";
    public const string North = Group + "sql-north";
    public const string OnWest = West + "/failoverGroups/orders";
    public const string OnNorth = North + "/failoverGroups/orders";

    /// <summary>A primary in the west with two databases, one of them in a failover group to the north.</summary>
    public static Scenario Orders() => Scenarios.Shop() with
    {
        SqlServers =
        [
            new() { Name = "sql-west", ResourceGroup = "shop", Region = "westeurope", Databases = ["orders", "stock"] },
            new() { Name = "sql-north", ResourceGroup = "shop", Region = "northeurope" },
        ],
        SqlFailoverGroups = [new() { Name = "orders", Primary = "sql-west", Secondary = "sql-north", Databases = ["orders"], ReplicationLagSeconds = 8, ReseedSeconds = 120 }],
    };
}
