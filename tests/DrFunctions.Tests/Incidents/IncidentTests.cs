using DrFunctions.App.Deployments;

namespace DrFunctions.App.Incidents;

public sealed class IncidentTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Alert_AHundredTimesAtOnce_IsOneSignalOneIncidentAndOneRun()
    {
        await using var app = await Deployment.StartAsync();
        await app.PrepareAsync(app.Plan.Hasty());
        await app.Cloud.SetRegionDarkAsync("westeurope", true);
        await app.Cloud.SetRegionDarkAsync("northeurope", true);
        var alert = Alerts.Common("one", ShopPlan.West, app.Time.GetUtcNow());

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => app.Api.DeliverAsync(alert)));

        Assert.All(answers, answer => Assert.Equal(202, answer.Status));
        var incidents = await app.Api.IncidentAsync("shop", seen => seen["incidents.0.state"] == "closed", "decided");
        var run = incidents["incidents.0.runId"];
        Assert.Equal(("shop-000001-failover", $"started {run}", "start"), (run, incidents["incidents.0.outcome"], incidents["incidents.0.verdict.decision"]));
        Assert.Single(incidents.List("incidents.0.signals"));

        // The run waits for the secondary's health. Duplicates and another alert meanwhile start nothing.
        await app.Api.RunAsync(run, seen => seen["steps.2.state"] == "running", "waits for health");
        await app.Api.DeliverAsync(alert);
        await app.Api.DeliverAsync(Alerts.Common("two", $"{ShopPlan.Group}/Microsoft.Network/trafficManagerProfiles/shop", app.Time.GetUtcNow()));
        var second = await Eventually.SeeAsync(
            async () =>
            {
                // The alert may come while the first incident's orchestration ends; the tick is what finds it then.
                await app.TickAsync();
                return await app.Api.GetAsync("api/plans/shop/incidents");
            },
            seen => seen["incidents.0.id"] == "shop-000002" && seen["incidents.0.state"] == "closed",
            "the second closed");
        Assert.Equal(($"blocked: noActiveRun: {run}, expected none", run), (Part(second["incidents.0.outcome"], "noActiveRun"), second["incidents.0.runId"]));
        Assert.Equal(2, second.List("incidents").Count);
        Assert.Equal(2, (await app.Api.GetAsync("api/signals?workload=shop")).List("signals").Count);
        Assert.Single((await app.Api.GetAsync("api/plans/shop/runs")).List("runs"));

        await app.Cloud.SetRegionDarkAsync("northeurope", false);
        var ended = await app.Api.EndedAsync(run);
        Assert.Equal(("completed", "incident shop-000001"), (ended["state"], ended["startedBy"]));
        Assert.Contains("red.control-probe: connection refused", ended["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Primary_Flapping_BeginsTheDwellAnew()
    {
        await using var app = await Deployment.StartAsync();
        await app.PrepareAsync(app.Plan.With("dwell: 30s", "dwell: 5m").With("patience: 15m", "patience: 5h\n  maxLoss: 9h").Waiting());
        await app.Cloud.SetRegionDarkAsync("westeurope", true);
        await app.Api.DeliverAsync(Alerts.Common("flaps", ShopPlan.West, app.Time.GetUtcNow()));
        await LookAsync(app, holds: true);

        await app.MoveAsync(2 * Minute);
        Assert.Equal("wait", await LookAsync(app, holds: true));
        await app.Cloud.SetRegionDarkAsync("westeurope", false);
        await app.MoveAsync(Minute);
        Assert.Equal("wait", await LookAsync(app, holds: false));
        await app.Cloud.SetRegionDarkAsync("westeurope", true);
        await app.MoveAsync(Minute);
        await DwellAsync(app);

        var closed = await app.Api.IncidentAsync("shop", seen => seen["incidents.0.state"] == "closed", "decided");
        Assert.Equal("started shop-000001-failover", closed["incidents.0.outcome"]);
    }

    [Fact]
    public async Task Dwell_AcrossASilenceInWhichNobodyLooked_BeginsAnew()
    {
        await using var app = await Deployment.StartAsync();
        await app.PrepareAsync(app.Plan.With("dwell: 30s", "dwell: 5m").With("patience: 15m", "patience: 5h\n  maxLoss: 9h").Waiting());
        await app.Cloud.SetRegionDarkAsync("westeurope", true);
        await app.Api.DeliverAsync(Alerts.Common("silent", ShopPlan.West, app.Time.GetUtcNow()));
        await LookAsync(app, holds: true);

        await app.MoveAsync(20 * Minute);
        await DwellAsync(app);

        Assert.Equal("started shop-000001-failover", (await app.Api.GetAsync("api/plans/shop/incidents"))["incidents.0.outcome"]);
    }

    [Fact]
    public async Task Alert_AfterARunFailed_WaitsForTheCooldown()
    {
        await using var app = await Deployment.StartAsync();
        await app.Cloud.SetRegionDarkAsync("westeurope", true);
        await app.Cloud.SetRegionDarkAsync("northeurope", true);
        await app.PrepareAsync(app.Plan.Hasty().With("patience: 15m", "patience: 15m\n  maxLoss: 9h"));
        var first = await app.Api.StartAsync();
        await app.Api.PostAsync($"api/runs/{first}/decisions", new { kind = "cancel", reason = "a drill" });
        await app.Api.EndedAsync(first);

        await app.Api.DeliverAsync(Alerts.Common("again", ShopPlan.West, app.Time.GetUtcNow()));
        var open = await app.Api.IncidentAsync("shop", seen => seen.At("incidents.0.verdict") is not null, "judged");
        Assert.Contains(open.List("incidents.0.verdict.rules"), rule =>
            rule.GetProperty("name").GetString() == "cooldown" && !rule.GetProperty("passed").GetBoolean()
            && rule.GetProperty("expected").GetString() == "at least 1800 s");
        await app.MoveAsync(20 * Minute);
        Assert.Equal("wait", await LookAsync(app, holds: true));
        await app.MoveAsync(11 * Minute);

        var closed = await app.Api.IncidentAsync("shop", seen => seen["incidents.0.state"] == "closed", "decided");
        Assert.Equal("started shop-000001-failover", closed["incidents.0.outcome"]);
    }

    /// <summary>Waits for a look that began after now and finds the conditions so; its decision.</summary>
    private static async Task<string> LookAsync(Deployment app, bool holds)
    {
        var now = app.Time.GetUtcNow();
        var seen = await app.Api.IncidentAsync(
            "shop",
            seen => seen.At("incidents.0.verdictAt")?.GetDateTimeOffset() > now && seen["incidents.0.verdict.conditionsHold"] == (holds ? "True" : "False"),
            $"a look after {now:T} with conditions {(holds ? "that hold" : "that do not hold")}");
        return seen["incidents.0.verdict.decision"];
    }

    /// <summary>From its first red look on, a dwell of five minutes: looks at two and four minutes are too early, at six it is decided.</summary>
    private static async Task DwellAsync(Deployment app)
    {
        Assert.Equal("wait", await LookAsync(app, holds: true));
        await app.MoveAsync(2 * Minute);
        Assert.Equal("wait", await LookAsync(app, holds: true));
        await app.MoveAsync(2 * Minute);
        Assert.Equal("wait", await LookAsync(app, holds: true));
        await app.MoveAsync(2 * Minute);
        await app.Api.IncidentAsync("shop", seen => seen["incidents.0.state"] == "closed", "decided");
    }

    private static string Part(string outcome, string rule) =>
        $"blocked: {outcome["blocked: ".Length..].Split("; ").Single(part => part.StartsWith(rule, StringComparison.Ordinal))}";
}
