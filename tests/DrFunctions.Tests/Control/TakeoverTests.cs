using DrFunctions.App.Deployments;
using DrFunctions.Simulator;

namespace DrFunctions.App.Control;

/// <summary>The app, and a second one that stands by: its control account is the first one's mirror.</summary>
public sealed class TakeoverTests
{
    private const string FirstApp = $"{ShopPlan.Group}/Microsoft.Web/sites/dr-first";

    [Fact]
    public async Task ControlRegion_IsLostInTheMiddleOfARun_TheOtherAppStopsItTakesOverAndAPersonGoesOn()
    {
        await using var app = await Deployment.StartAsync(WithTheAppItself);
        await app.Cloud.SetRegionDarkAsync("northeurope", true);
        await app.PrepareAsync(app.Plan);
        var id = await app.Api.StartAsync();
        await app.Api.RunAsync(id, seen => seen["steps.2.summary"].StartsWith("HealthPending", StringComparison.Ordinal), "waits for the standby's health");

        // The first app dies with its account: the second one cannot reach it.
        await app.Host.RunTimerAsync(ControlWatch.Name);
        await app.Host.StopAsync();
        await using var second = await app.StartStandbyAsync(("Dr__PeerApp", FirstApp), ("Dr__MirrorStorage", Unreachable));
        await app.Cloud.SetRegionDarkAsync("northeurope", false);
        Assert.Equal("standingBy", (await second.Api.GetAsync("api/control"))["role"]);
        var refused = await second.Api.PutAsync("api/plans/other", app.Plan.For("other").Yaml);
        Assert.Equal((503, "ControlElsewhere"), (refused.Status, refused.Code));
        Assert.Equal("shop", (await second.Api.GetAsync("api/plans/shop"))["workload"]); // it reads what was mirrored
        await second.WatchAsync();
        second.Stopwatch.Move(TimeSpan.FromMinutes(3));
        await second.WatchAsync();
        var settling = await second.Api.GetAsync("api/control");
        Assert.True((settling["role"], settling["term.fence"], settling["term.term"]) == ("settling", "stopped", "2"), settling.ToString());
        Assert.Equal(503, (await second.Api.PostAsync($"api/runs/{id}/decisions", new { kind = "cancel", reason = "r" })).Status);
        second.Time.Move(TimeSpan.FromMinutes(1));
        await second.TickAsync();

        var paused = await second.Api.RunAsync(id, seen => seen["state"] == "paused", "waits for a person");
        Assert.Equal(("ControlTakenOver", "startWebApp"), (paused["pause.code"], paused["pause.step"]));
        Assert.Contains("az webapp start", (await second.Api.GetAsync($"api/runs/{id}/commands")).Text, StringComparison.Ordinal);
        var decided = await second.Api.PostAsync($"api/runs/{id}/decisions", new { kind = "retry", step = "startWebApp", reason = "looked at it" });
        Assert.True(decided.Status == 202, decided.ToString());
        var ended = await second.Api.EndedAsync(id);
        Assert.True(ended["state"] == "completed", ended.ToString());
        Assert.Equal("northeurope", (await second.Api.GetAsync("api/plans/shop"))["active"]);
        var requests = app.Cloud.ReadRequests(new() { Wire = "resource-manager", Path = "/providers/" }).Requests
            .Where(request => request.Method != "GET").Select(request => $"{request.Method} {string.Join('/', request.Path.Split('/')[8..])}");
        Assert.Equal(["POST shop-westeurope/stop", "POST shop-northeurope/start", "POST dr-first/stop", "PUT shop"], requests);
    }

    [Fact]
    public async Task Control_IsGivenThereAndBack_OneActsAtATimeAndNothingIsStopped()
    {
        await using var app = await Deployment.StartAsync(WithTheAppItself);
        await app.Api.ApplyAsync("shop", app.Plan.Yaml);
        await using var second = await app.StartStandbyAsync(("Dr__PeerApp", FirstApp));
        await app.Host.RunTimerAsync(ControlWatch.Name);
        await second.WatchAsync();
        var before = await app.Api.GetAsync("api/control");
        Assert.Equal(("inControl", 2), (before["role"], before.List("apps").Count));

        Assert.Equal(403, (await second.Api.As("rita").PostAsync("api/control/take", new { reason = "r" })).Status);
        Assert.Equal(400, (await second.Api.PostAsync("api/control/take", new { reason = "" })).Status);
        Assert.Equal(400, (await second.Api.PostAsync("api/control/take", new { reason = "r", overrides = "everything" })).Status);
        var taken = await second.Api.PostAsync("api/control/take", new { reason = "the region is to be left" });
        Assert.True(taken.Status == 200 && taken["term.fence"] == "told", taken.ToString());
        Assert.Equal("standingBy", (await app.Api.GetAsync("api/control"))["role"]);
        var refused = await app.Api.PutAsync("api/plans/other", app.Plan.For("other").Yaml);
        Assert.True((refused.Status, refused.Code) == (503, "ControlElsewhere"), refused.ToString());
        Assert.Equal(503, (await second.Api.PutAsync("api/plans/other", app.Plan.For("other").Yaml)).Status); // not yet

        second.Time.Move(TimeSpan.FromMinutes(1));
        await second.Api.ApplyAsync("other", app.Plan.For("other").Steps("wait: { for: 1s }").Yaml);
        Assert.Equal("completed", (await second.Api.EndedAsync(await second.Api.StartAsync("other")))["state"]);

        // An alert that reaches the app that stands by is kept and opens nothing.
        app.Time.Move(TimeSpan.FromMinutes(1));
        Assert.Equal(202, (await app.Api.DeliverAsync(Alerts.Common("1", ShopPlan.West, app.Time.GetUtcNow()))).Status);
        Assert.Empty((await app.Api.GetAsync("api/plans/shop/incidents")).List("incidents"));

        var back = await app.Api.PostAsync("api/control/take", new { reason = "and back" });
        Assert.True(back["term.term"] == "3" && back["term.fence"] == "told", back.ToString());
        app.Time.Move(TimeSpan.FromMinutes(1));
        Assert.Equal("standingBy", (await second.Api.GetAsync("api/control"))["role"]);
        Assert.Equal("other", (await app.Api.GetAsync("api/plans/other"))["workload"]);
        Assert.DoesNotContain(
            app.Cloud.ReadRequests(new() { Wire = "resource-manager", Path = "dr-first" }).Requests, request => request.Method == "POST");
    }

    [Fact]
    public async Task Take_AppWithoutAMirror_IsRefused()
    {
        await using var app = await Deployment.StartAsync(null, ("Dr__MirrorStorage", ""));

        var refused = await app.Api.PostAsync("api/control/take", new { reason = "r" });

        Assert.Equal((409, "ControlAlone"), (refused.Status, refused.Code));
        Assert.Equal("inControl", (await app.Api.GetAsync("api/control"))["role"]);
    }

    [Fact]
    public async Task TwoApps_NeitherToldToStandBy_OneActs()
    {
        await using var app = await Deployment.StartAsync();
        await app.Api.ApplyAsync("shop", app.Plan.Yaml);
        await using var second = await app.StartStandbyAsync(("Dr__StandsBy", "false"));

        var refused = await second.Api.PutAsync("api/plans/other", app.Plan.For("other").Yaml);

        Assert.True((refused.Status, refused.Code) == (503, "ControlElsewhere"), refused.ToString());
        Assert.Equal("inControl", (await app.Api.GetAsync("api/control"))["role"]);
    }

    // Nothing listens there.
    private static string Unreachable =>
        "DefaultEndpointsProtocol=http;AccountName=gone;AccountKey=Z29uZQ==;BlobEndpoint=http://127.0.0.1:9/gone;";

    private static Scenario WithTheAppItself(Scenario scenario) => scenario with
    {
        Sites = [.. scenario.Sites, new() { Name = "dr-first", ResourceGroup = "shop", Region = "westeurope" }],
    };
}
