using DrFunctions.App.Deployments;

namespace DrFunctions.App.Runs;

/// <summary>What holds once the secondary carries the workload.</summary>
public sealed class FailedOverTests
{
    [Fact]
    public async Task FailedOver_BackupsFollowAndNothingStartsAgain()
    {
        await using var app = await Deployment.StartAsync();
        await app.PrepareAsync(app.Plan.Hasty());
        await app.Cloud.SetRegionDarkAsync("westeurope", true);
        Assert.Equal("completed", (await app.Api.EndedAsync(await app.Api.StartAsync()))["state"]);

        // A second start would restore an older state over live data.
        var again = await app.Api.PostAsync("api/plans/shop/runbooks/failover/runs", new { });
        Assert.Equal((409, "AlreadyThere"), (again.Status, again.Code));
        Assert.Contains("'northeurope' already carries 'shop'", again.Message, StringComparison.Ordinal);

        // So would an incident's.
        await app.Api.DeliverAsync(Alerts.Common("late", ShopPlan.West, app.Time.GetUtcNow()));
        var incidents = await app.Api.IncidentAsync("shop", seen => seen["incidents.0.state"] == "closed", "closed");
        Assert.StartsWith("blocked: activeInPrimary: secondary, expected primary", incidents["incidents.0.outcome"], StringComparison.Ordinal);
        Assert.Single((await app.Api.GetAsync("api/plans/shop/runs")).List("runs"));

        // The next backup shows what users write in the new primary, in its own repository first.
        var files = app.North.GetBlobContainerClient("files");
        await files.GetBlobClient("order-1").UploadAsync(BinaryData.FromString("written after the failover"));
        await app.MoveAsync(TimeSpan.FromMinutes(5));
        await app.TickAsync();
        var backups = await app.Api.BackupsAsync("shop", seen => seen["backups.1.state"] == "copied" && seen["backups.0.state"] == "copied", "both copied");
        Assert.Equal(("20300101T0005Z", "northeurope", "westeurope"), (backups["backups.0.occurrence"], backups["backups.0.from"], backups["backups.0.to"]));
        Assert.Equal(("20300101T0000Z", "westeurope", "northeurope"), (backups["backups.1.occurrence"], backups["backups.1.from"], backups["backups.1.to"]));
        Assert.Equal("4", backups["backups.0.files"]);
        var id = backups["backups.0.snapshotId"];
        Assert.Contains(await Deployment.ReadAsync(app.North.GetBlobContainerClient("backups")), blob => blob.Key.Contains(id, StringComparison.Ordinal));
        Assert.Contains(await Deployment.ReadAsync(app.West.GetBlobContainerClient("backups")), blob => blob.Key.Contains(id, StringComparison.Ordinal));
    }
}
