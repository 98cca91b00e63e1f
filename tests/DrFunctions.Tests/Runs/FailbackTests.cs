using DrFunctions.App.Deployments;

namespace DrFunctions.App.Runs;

/// <summary>The way home of the sample: the old primary returns, and gets users back only by the runbook for that.</summary>
public sealed class FailbackTests
{
    [Fact]
    public async Task Failback_TheOldPrimaryReturned_BringsUsersHomeWithAllTheyWrote()
    {
        await using var app = await Deployment.StartAsync();
        await app.PrepareAsync(app.Plan);
        await app.Cloud.SetRegionDarkAsync("westeurope", true);
        Assert.Equal("completed", (await app.Api.EndedAsync(await app.Api.StartAsync()))["state"]);
        var north = app.North.GetBlobContainerClient("files");
        await north.GetBlobClient("order-1").UploadAsync(BinaryData.FromString("written after the failover"));
        await north.GetBlobClient("index.html").UploadAsync(BinaryData.FromString("<h1>changed after the failover</h1>"), overwrite: true);

        // It answers again, and nobody is led there: its endpoint stays disabled, its web app stopped.
        await app.Cloud.SetRegionDarkAsync("westeurope", false);
        Assert.Equal("northeurope", (await app.Api.GetAsync("api/plans/shop"))["active"]);

        var run = await app.Api.EndedAsync(await app.Api.StartAsync(runbook: "failback"));

        Assert.True(run["state"] == "completed", run.ToString());
        Assert.Equal(
            ["fence", "takeBackup", "restore", "startWebApp", "probe", "shiftTraffic", "prove"], run.List("steps").Select(step => step.GetProperty("name").GetString()));
        Assert.Equal(("met", "0"), (run["attained.rpo"], run["attained.rpoSeconds"]));
        Assert.Equal("westeurope", (await app.Api.GetAsync("api/plans/shop"))["active"]);
        var west = await Deployment.ReadAsync(app.West.GetBlobContainerClient("files"));
        Assert.Equal(await Deployment.ReadAsync(north), west);
        Assert.Equal("written after the failover", System.Text.Encoding.UTF8.GetString(west["order-1"]));

        // The next failover must work, too.
        Assert.Equal("completed", (await app.Api.EndedAsync(await app.Api.StartAsync()))["state"]);
    }
}
