using DrFunctions.App.Deployments;

namespace DrFunctions.App.Runs;

public sealed class FailoverTests
{
    [Fact]
    public async Task Failover_PrimaryDark_MovesUsersAndDataAndSealsTheEvidence()
    {
        await using var app = await Deployment.StartAsync();
        var files = await app.PrepareAsync(app.Plan);
        await app.Cloud.SetRegionDarkAsync("westeurope", true);

        var run = await app.Api.EndedAsync(await app.Api.StartAsync());

        Assert.Equal("completed", run["state"]);
        Assert.Equal(
            ["fence completed", "restore completed", "startWebApp completed", "shiftTraffic completed", "prove completed"],
            run.List("steps").Select(step => $"{step.GetProperty("name")} {step.GetProperty("state")}"));
        Assert.Equal(("met", "met"), (run["attained.rto"], run["attained.rpo"]));
        Assert.Equal(files, await Deployment.ReadAsync(app.North.GetBlobContainerClient("files")));

        var plan = await app.Api.GetAsync("api/plans/shop");
        Assert.Equal(("northeurope", "1", "released"), (plan["active"], plan["epoch"], plan["lock.state"]));
        var report = await app.Api.GetAsync($"api/runs/{run["runId"]}/report");
        Assert.Contains("# failover of shop: completed", report.Text, StringComparison.Ordinal);
        Assert.Contains("Intact: ", report.Text, StringComparison.Ordinal);
        Assert.Contains("Its last hash is anchored: control, mirror.", report.Text, StringComparison.Ordinal);
        var page = await app.Api.GetAsync($"api/runs/{run["runId"]}/report?format=html");
        Assert.StartsWith("<!doctype html>", page.Text, StringComparison.Ordinal);
        Assert.Contains("<h1>failover of shop: completed</h1>", page.Text, StringComparison.Ordinal);
        var evidence = await app.Api.GetAsync($"api/runs/{run["runId"]}/evidence");
        Assert.Equal(17, evidence.List("entries").Count);
    }
}
