using DrFunctions.App.Deployments;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Testing.Backups;
using DrFunctions.Testing.Emulators;

namespace DrFunctions.App.Backups;

public sealed class DarkPrimaryTests
{
    [Fact]
    public async Task Backup_StorageOfThePrimaryGone_FailsWithItsErrorAndTheRpoFollowsTheClock()
    {
        await using var west = await Azurite.StartAsync(new AzuriteOptions { InMemory = true });
        await using var app = await Deployment.StartAsync(null, ("SHOP_WESTEUROPE_STORAGE", west.ConnectionString));
        var files = west.ServiceClient().GetBlobContainerClient("files");
        await files.CreateAsync();
        await files.UploadBlobAsync("a", BinaryData.FromString("a"));
        await ARepository.MakeAsync(new BlobRepository(west.ServiceClient().GetBlobContainerClient("backups")));
        await app.Api.ApplyAsync("shop", app.Plan.Yaml);
        Assert.Equal("unknown", await RpoAsync(app));
        await app.TickAsync();
        await app.Api.BackupsAsync("shop", seen => seen["backups.0.state"] == "copied", "copied");
        Assert.Equal("met", await RpoAsync(app));

        await west.KillAsync();
        await app.MoveAsync(TimeSpan.FromMinutes(12));
        Assert.Equal("atRisk", await RpoAsync(app));
        await app.TickAsync();
        var failed = await Eventually.SeeAsync(
            async () =>
            {
                // The retries' pauses pass at once.
                await app.MoveAsync(TimeSpan.FromSeconds(10));
                return await app.Api.GetAsync("api/plans/shop/backups");
            },
            seen => seen["backups.0.state"] == "failed",
            "failed");

        Assert.Equal("20300101T0010Z", failed["backups.0.occurrence"]);
        Assert.Equal("BackupFailed", failed["backups.0.error.code"]);
        Assert.StartsWith("Could not read 'config' in http://127.0.0.1", failed["backups.0.error.message"], StringComparison.Ordinal);
        Assert.EndsWith("/account/backups: Connection refused.", failed["backups.0.error.message"], StringComparison.Ordinal);
        await app.MoveAsync(TimeSpan.FromMinutes(5));
        Assert.Equal("breached", await RpoAsync(app));
    }

    private static async Task<string> RpoAsync(Deployment app) => (await app.Api.GetAsync("api/plans/shop"))["rpo.verdict"];
}
