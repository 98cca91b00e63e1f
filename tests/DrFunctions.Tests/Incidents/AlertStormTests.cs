using System.Globalization;
using DrFunctions.App.Deployments;

namespace DrFunctions.App.Incidents;

/// <summary>The app as it is, on its own runtime and storage, under a storm of alerts as Event Grid delivers it.</summary>
public sealed class AlertStormTests
{
    private const int Deliveries = 40;
    private const int EventsOfADelivery = 250;
    private const int AtOnce = 4;

    [Fact]
    public async Task TenThousandEvents_DuplicateReorderedAndFlapping_StartOneRun()
    {
        await using var app = await Deployment.StartAsync();
        await app.PrepareAsync(app.Plan.Hasty());
        await app.Cloud.SetRegionDarkAsync("westeurope", true);
        var (random, now) = (new Random(1), app.Time.GetUtcNow());
        var storm = Enumerable.Range(0, Deliveries)
            .Select(_ => Enumerable.Range(0, EventsOfADelivery).Select(_ => Alert(random, now)).ToList())
            .ToList();
        var distinct = storm.SelectMany(events => events.Select(one => one.Name)).Distinct().Count();

        await Parallel.ForEachAsync(storm, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (events, _) =>
        {
            var answer = await app.Api.DeliverAsync($"[{string.Join(',', events.Select(one => one.Body))}]");
            Assert.Equal(202, answer.Status);
        });

        var begun = await app.Api.IncidentAsync("shop", seen => seen.List("incidents").Any(one => one.TryGetProperty("runId", out var _)), "one started a run");
        var run = begun.List("incidents").Select(one => one.TryGetProperty("runId", out var id) ? id.GetString() : null).First(id => id is not null)!;
        Assert.Equal("completed", (await app.Api.EndedAsync(run))["state"]);

        // Whatever is left of the storm is judged, and starts nothing.
        await app.TickAsync();
        await app.Api.IncidentAsync("shop", seen => seen.List("incidents").All(one => one.GetProperty("state").GetString() == "closed"), "all closed");
        Assert.Equal(run, Assert.Single((await app.Api.GetAsync("api/plans/shop/runs")).List("runs")).GetProperty("runId").GetString());
        var plan = await app.Api.GetAsync("api/plans/shop");
        Assert.Equal(("northeurope", "1", "released"), (plan["active"], plan["epoch"], plan["lock.state"]));
        Assert.Equal(distinct, (await app.Api.GetAsync("api/signals?workload=shop&limit=1000")).List("signals").Count);
    }

    // One of two hundred alerts, in any order, each as often as it comes, fired or resolved; every tenth is never resolved, so that the
    // conditions hold in the end however fast the storm passes.
    private static (string Name, string Body) Alert(Random random, DateTimeOffset now)
    {
        var id = random.Next(200);
        var isFired = random.Next(3) > 0 || id % 10 == 0;
        var (name, condition) = (string.Create(CultureInfo.InvariantCulture, $"storm-{id}"), isFired ? "Fired" : "Resolved");
        return ($"{name} {condition}", Alerts.Common(name, ShopPlan.West, now - TimeSpan.FromSeconds(1000 - id), condition)[1..^1]);
    }
}
