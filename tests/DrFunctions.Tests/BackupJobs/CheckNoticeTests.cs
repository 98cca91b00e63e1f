using DrFunctions.App.Deployments;
using DrFunctions.App.Events;

namespace DrFunctions.App.BackupJobs;

public sealed class CheckNoticeTests
{
    [Fact]
    public async Task Check_FindsSomething_TellsTheTopicOnce()
    {
        await using var topic = await Topic.StartAsync();
        await using var app = await Deployment.StartAsync(null, topic.Settings);
        await app.PrepareAsync(app.Plan.With("strategy: ", "notify: { topic: OPERATORS }\nstrategy: "));
        var container = app.West.GetBlobContainerClient("backups");
        foreach (var pack in (await Deployment.ReadAsync(container)).Keys.Where(key => key.StartsWith("packs/", StringComparison.Ordinal)))
        {
            await container.DeleteBlobAsync(pack);
        }

        var job = (await app.Api.PostAsync("api/plans/shop/backups/jobs", new { kind = "check", policy = "files" }))["id"];
        await Eventually.SeeAsync(() => app.Api.GetAsync($"api/plans/shop/backups/jobs/{job}"), seen => seen["state"] == "failed", "the check has failed");
        await app.Host.RunTimerAsync("Notify");
        await app.Host.RunTimerAsync("Notify");

        var told = Assert.Single(topic.Events.DistinctBy(one => one.GetProperty("id").GetString()), one => one.GetProperty("type").GetString() == "DrFunctions.Check.Failed");
        Assert.Equal(($"shop_files_check-failed_{job}", "westeurope", "NotVerified"),
            (told.GetProperty("id").GetString(), told.GetProperty("data").GetProperty("region").GetString(), told.GetProperty("data").GetProperty("code").GetString()));
    }
}
