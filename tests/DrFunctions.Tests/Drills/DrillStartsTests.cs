using DrFunctions.App.Deployments;

namespace DrFunctions.App.Drills;

public sealed class DrillStartsTests
{
    private const string Drills = "drills:\n  - { runbook: failover, schedule: 0 1 * * *{0} }\n\ntraffic:\n";

    [Fact]
    public async Task Drill_IsDue_RunsOnceInModeDrillTouchesNobodyAndVerifiesThePlan()
    {
        await using var app = await Deployment.StartAsync();
        await app.PrepareAsync(app.Plan.With("traffic:\n", Drills.Replace("{0}", "", StringComparison.Ordinal)));
        await app.TickAsync();
        Assert.Empty((await app.Api.GetAsync("api/plans/shop/runs")).List("runs"));

        await app.MoveAsync(TimeSpan.FromHours(1));
        await app.TickAsync();
        var runs = await Eventually.SeeAsync(
            () => app.Api.GetAsync("api/plans/shop/runs"), seen => seen["runs.0.state"] is not ("running" or ""), "the drill ended");
        await app.TickAsync();
        await app.TickAsync();

        Assert.Equal(
            ("shop-drill-failover-203001010100", "drill", "completed"), (runs["runs.0.runId"], runs["runs.0.mode"], runs["runs.0.state"]));
        Assert.Single((await app.Api.GetAsync("api/plans/shop/runs")).List("runs"));
        Assert.Equal("westeurope", (await app.Api.GetAsync("api/plans/shop"))["active"]);
        var evaluated = await app.Api.PostAsync("api/plans/shop/evaluation", new { });
        Assert.DoesNotContain("DR-DRILL", evaluated.Text, StringComparison.Ordinal);

        // A plan that was changed since is not verified, whatever the drill of the old one showed.
        var changed = app.Plan.With("traffic:\n", Drills.Replace("{0}", "", StringComparison.Ordinal)).With("rto: 1h", "rto: 2h");
        await app.Api.ApplyAsync(ShopPlan.Workload, changed.Yaml);
        evaluated = await app.Api.PostAsync("api/plans/shop/evaluation", new { });
        Assert.Contains("DR-DRILL-002", evaluated.Text, StringComparison.Ordinal);
        Assert.True(evaluated["verdict"] == "notVerified", evaluated.ToString());
    }

    [Fact]
    public async Task Drill_OnABlockedDay_DoesNotBeginAndIsOverdue()
    {
        await using var app = await Deployment.StartAsync();
        await app.PrepareAsync(app.Plan.With(
            "traffic:\n", Drills.Replace("{0}", ", blocked: [{ from: 2030-01-01, until: 2030-01-01 }]", StringComparison.Ordinal)));
        await app.TickAsync();

        await app.MoveAsync(TimeSpan.FromHours(3.5));
        await app.TickAsync();

        Assert.Empty((await app.Api.GetAsync("api/plans/shop/runs")).List("runs"));
        var evaluated = await app.Api.PostAsync("api/plans/shop/evaluation", new { });
        var overdue = evaluated.List("findings").Single(finding => finding.GetProperty("code").GetString() == "DR-DRILL-004");
        Assert.Equal(
            "the drill of 2030-01-01 01:00Z has not begun: 2030-01-01 to 2030-01-01 are blocked", overdue.GetProperty("found").GetString());
    }
}
