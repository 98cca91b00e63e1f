using System.Text.Json;
using DrFunctions.App.Deployments;
using DrFunctions.Simulator;

namespace DrFunctions.App.Plans;

/// <summary>A workload with containers and a database: what would be lost, and what was, of each store and of the worst.</summary>
public sealed class StoreRpoTests
{
    private const string Servers = $"{ShopPlan.Group}/Microsoft.DBforPostgreSQL/flexibleServers";

    [Fact]
    public async Task Failover_OfADatabaseToo_MeasuresEveryStoreBeforeAndAfter()
    {
        // The cloud keeps its own time, and metrics are asked for by it.
        await using var app = await Deployment.StartAsync(new ShiftedTime(TimeProvider.System.GetUtcNow()), time => time, WithServers);
        await app.PrepareAsync(app.Plan
            .With("    fence: stop-web-app\n", $"    fence: stop-web-app\n  - name: orders\n    postgres: {{ primary: {Servers}/orders-we, secondary: {Servers}/orders-ne }}\n    fence: stop-web-app\n")
            .Steps(
                "fence: { region: primary }",
                "restore: { store: files, region: secondary }",
                $"promotePostgres: {{ region: secondary, server: {Servers}/orders-ne, mode: forced }}",
                "startWebApp: { region: secondary }",
                "shiftTraffic: { to: secondary }",
                "prove: { region: secondary, timeout: 5m }"));

        // Nobody has looked at the replication yet.
        var plan = await app.Api.GetAsync("api/plans/shop");
        Assert.Equal(("unknown", "orders"), (plan["rpo.verdict"], plan["rpo.worstStore"]));
        Assert.Equal("orders is unknown: it was not sampled in the last 5 minutes", plan["rpo.stores.1.detail"]);
        Assert.True(Seconds(plan.At("rpo.stores.0.lagSeconds")) >= 0);

        await app.Host.RunTimerAsync("Probe");
        plan = await app.Api.GetAsync("api/plans/shop");
        Assert.Equal(("met", "orders", "postgres-replication"), (plan["rpo.verdict"], plan["rpo.worstStore"], plan["rpo.stores.1.source"]));

        // Azure Monitor has whole minutes, and the replica is 7 s behind.
        Assert.InRange(Seconds(plan.At("rpo.lagSeconds")), 60, 240);

        await app.Cloud.SetRegionDarkAsync("westeurope", true);
        var run = await app.Api.EndedAsync(await app.Api.StartAsync());
        Assert.Equal(("completed", "met", "orders"), (run["state"], run["attained.rpo"], run["attained.worstStore"]));
        Assert.Equal(["files", "orders"], run.List("attained.stores").Select(store => store.GetProperty("store").GetString()!));
        Assert.All(run.List("attained.stores"), store => Assert.Equal("met", store.GetProperty("rpo").GetString()));
        Assert.Equal(run["attained.stores.1.rpoSeconds"], run["attained.rpoSeconds"]);
    }

    private static double Seconds(JsonElement? value) => value!.Value.GetDouble(); // the caller wants it

    private static Scenario WithServers(Scenario scenario) => scenario with
    {
        PostgreSqlServers =
        [
            new() { Name = "orders-we", ResourceGroup = "shop", Region = "westeurope" },
            new() { Name = "orders-ne", ResourceGroup = "shop", Region = "northeurope", ReplicaOf = "orders-we", ReplicationLagSeconds = 7 },
        ],
    };
}
