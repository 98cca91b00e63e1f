using DrFunctions.App.Deployments;
using DrFunctions.Recovery;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.App.Backups;

public sealed class BackupSlotsTests
{
    [Fact]
    public void TryTake_MoreThanThereAre_IsNoneUntilOneIsGivenBack()
    {
        var slots = Slots("2");
        var (one, two) = (slots.TryTake(), slots.TryTake());
        Assert.NotNull(one);
        Assert.NotNull(two);
        Assert.Null(slots.TryTake());

        one.Dispose();
        one.Dispose();

        Assert.NotNull(slots.TryTake());
        Assert.Null(slots.TryTake());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("many")]
    public void Setting_ThatIsNoSuchNumber_IsRefused(string text) => Assert.Equal(
        $"Dr__BackupsAtOnce: '{text}', expected a whole number from 1 to 64.", Assert.Throws<RecoveryException>(() => Slots(text)).Message);

    [Fact]
    public async Task Backup_WhileAllPlacesAreTaken_WaitsWithoutHoldingAnAlertUp()
    {
        await using var app = await Deployment.StartAsync(null, ("Dr__BackupsAtOnce", "1"));
        await app.UploadAsync();
        await app.Api.ApplyAsync("shop", app.Plan.Yaml);
        var taken = app.Host.Services.GetRequiredService<BackupSlots>().TryTake();
        Assert.NotNull(taken);

        await app.TickAsync();
        await app.Api.BackupsAsync("shop", seen => seen["backups.0.state"] == "running", "begun");
        await app.Api.DeliverAsync(Alerts.Common("meanwhile", ShopPlan.West, app.Time.GetUtcNow()));
        await app.Api.IncidentAsync("shop", seen => seen.At("incidents.0.verdict") is not null, "judged");
        Assert.Equal("running", (await app.Api.GetAsync("api/plans/shop/backups"))["backups.0.state"]);

        taken.Dispose();
        await Eventually.SeeAsync(
            async () =>
            {
                await app.MoveAsync(TimeSpan.FromSeconds(10)); // The pauses pass at once.
                return await app.Api.GetAsync("api/plans/shop/backups");
            },
            seen => seen["backups.0.state"] == "copied",
            "copied");
    }

    private static BackupSlots Slots(string text) => new(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Dr:BackupsAtOnce"] = text }).Build());
}
