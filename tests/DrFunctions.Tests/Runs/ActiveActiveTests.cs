using System.Globalization;
using DrFunctions.App.Deployments;
using DrFunctions.Simulator;
using DrFunctions.Testing.Files;

namespace DrFunctions.App.Runs;

/// <summary>The ready plan for two regions that share the users, in the app: out of a lost region, and back.</summary>
public sealed class ActiveActiveTests
{
    [Fact]
    public async Task Failover_AndReturn_MoveTheShareOfTheLostRegionAndBringItBack()
    {
        await using var app = await Deployment.StartAsync(scenario => scenario with
        {
            Sites = [.. scenario.Sites.Select(site => site with { State = SiteStatus.Running })],
            TrafficManagerProfiles =
            [
                scenario.TrafficManagerProfiles[0] with
                {
                    Name = "shop-weighted",
                    RoutingMethod = "Weighted",
                    Endpoints = [.. scenario.TrafficManagerProfiles[0].Endpoints.Select(endpoint => endpoint with { Priority = null, Weight = 500 })],
                },
            ],
        });
        await app.Api.ApplyAsync(ShopPlan.Workload, await PlanAsync(app));
        Assert.Equal(("westeurope", "True"), await SeenAsync(app));
        await app.Cloud.SetRegionDarkAsync("westeurope", true);

        Completed(await app.Api.EndedAsync(await app.Api.StartAsync()));

        Assert.Equal(("northeurope", ""), await SeenAsync(app));
        Assert.Equal("AlreadyThere", (await app.Api.PostAsync("api/plans/shop/runbooks/failover/runs", new { reason = "again" })).Code);

        await app.Cloud.SetRegionDarkAsync("westeurope", false);
        Completed(await app.Api.EndedAsync(await app.Api.StartAsync(runbook: "return")));

        Assert.Equal(("westeurope", "True"), await SeenAsync(app));

        // Users are in both regions again, so that the other one can be left, too.
        Completed(await app.Api.EndedAsync(await app.Api.StartAsync(runbook: "failover-secondary")));
        Assert.Equal(("westeurope", ""), await SeenAsync(app));
    }

    private static void Completed(Answer run) => Assert.True(run["state"] == "completed", run.ToString());

    private static async Task<(string Active, string Shared)> SeenAsync(Deployment app)
    {
        var plan = await app.Api.GetAsync("api/plans/shop");
        return (plan["active"], plan["shared"]);
    }

    // With waits that fit a test; that ramps soak as long as they say is held in virtual time.
    private static async Task<string> PlanAsync(Deployment app) =>
        (await File.ReadAllTextAsync(RepositoryRoot.Combine("samples", "runbooks", "active-active-weighted.yaml")))
            .Replace(".net/health", string.Create(CultureInfo.InvariantCulture, $".net:{app.Cloud.WebPort}/health"), StringComparison.Ordinal)
            .Replace("soak: 5m", "soak: 1s", StringComparison.Ordinal)
            .Replace("times: 10, every: 10s", "times: 3, every: 1s", StringComparison.Ordinal);
}
