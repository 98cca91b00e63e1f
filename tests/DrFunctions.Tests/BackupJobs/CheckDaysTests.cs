using DrFunctions.App.Deployments;
using DrFunctions.App.Events;

namespace DrFunctions.App.BackupJobs;

/// <summary>The timer's checks, day after day on a moved clock.</summary>
public sealed class CheckDaysTests
{
    private static readonly string[] s_regions = ["westeurope", "northeurope"];

    /// <summary>Of each region a part a day, also where the other region is dark: that one is tried again the same day.</summary>
    [Fact]
    public async Task CheckBackups_ThirtyDays_ReadsAllPartsOfBothRegions()
    {
        await using var app = await StartAsync();
        var start = app.Time.GetUtcNow();
        for (var day = 1; day <= CheckState.Parts; day++)
        {
            var config = app.North.GetBlobContainerClient("backups").GetBlobClient("config");
            var held = (await config.DownloadContentAsync()).Value.Content;
            if (day == 10)
            {
                await config.DeleteAsync(); // As for who reads it: nothing is there.
            }

            await NextDayAsync(app);
            await ReadTodayAsync(app, "westeurope");
            if (day == 10)
            {
                await Eventually.SeeAsync(
                    () => app.Api.GetAsync("api/plans/shop/backups/jobs"),
                    seen => seen.List("jobs").Any(job => job.GetProperty("state").GetString() == "failed" && job.GetProperty("request").GetProperty("region").GetString() == "northeurope"),
                    "the check of the dark region has failed",
                    () => app.Logs.Troubles);
                Assert.Equal(day - 1, (await StateAsync(app, "northeurope")).Seen.Count(part => part.At is not null));
                await config.UploadAsync(held);
            }

            await ReadTodayAsync(app, "northeurope");
            var status = await app.Api.GetAsync("api/plans/shop/backups/status");
            Assert.Equal(day < CheckState.Parts ? "unknown" : "met", status["policies.0.check.verdict"]);
            foreach (var region in s_regions)
            {
                Assert.Equal(day, (await StateAsync(app, region)).Seen.Count(part => part is { At: not null, Problems: 0 }));
                Assert.True(day == CheckState.Parts || status["policies.0.check.detail"].Contains($"{region}: {day} of 28 parts", StringComparison.Ordinal), status.ToString());
            }
        }

        Assert.True(app.Time.GetUtcNow() - start < TimeSpan.FromDays(30));
    }

    /// <summary>The damage is found in the turn of its part, and again by who looks for it: it is told the first time.</summary>
    [Fact]
    public async Task CheckBackups_APartIsDamaged_IsToldOnce()
    {
        await using var topic = await Topic.StartAsync();
        await using var app = await StartAsync(topic.Settings);
        var container = app.West.GetBlobContainerClient("backups");
        var (pack, content) = (await Deployment.ReadAsync(container)).First(blob => blob.Key.StartsWith("packs/", StringComparison.Ordinal));
        content[content.Length / 2] ^= 1;
        await container.GetBlobClient(pack).UploadAsync(BinaryData.FromBytes(content), overwrite: true);

        for (var day = 1; (await StateAsync(app, "westeurope")).Seen.All(part => part.Problems == 0); day++)
        {
            Assert.InRange(day, 1, CheckState.Parts);
            await NextDayAsync(app);
            await ReadTodayAsync(app, "westeurope");
        }

        var again = (await app.Api.PostAsync("api/plans/shop/backups/jobs", new { kind = "check", policy = "files" }))["id"];
        await Eventually.SeeAsync(() => app.Api.GetAsync($"api/plans/shop/backups/jobs/{again}"), job => job["state"] == "failed", "it is found again");
        await app.Host.RunTimerAsync("Notify");
        var told = Assert.Single(topic.Events.DistinctBy(one => one.GetProperty("id").GetString()), one => one.GetProperty("type").GetString() == "DrFunctions.Check.Failed");
        Assert.Equal("westeurope", told.GetProperty("data").GetProperty("region").GetString());
        Assert.Contains(pack, told.GetProperty("data").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("breached", (await app.Api.GetAsync("api/plans/shop/backups/status"))["policies.0.check.verdict"]);
    }

    // One backup, and nothing else on a schedule.
    private static async Task<Deployment> StartAsync(params (string Name, string Value)[] settings)
    {
        var app = await Deployment.StartAsync(null, settings);
        var plan = app.Plan
            .With("rpo: 15m", "rpo: 31d")
            .With("schedule: \"*/5 * * * *\"", "schedule: \"0 0 1 * *\"")
            .With("    retention: { hourly: 24, daily: 14, weekly: 8, monthly: 12 }\n", "");
        await app.PrepareAsync(settings.Length > 0 ? plan.With("strategy: ", "notify: { topic: OPERATORS }\nstrategy: ") : plan);
        return app;
    }

    private static Task<CheckState> StateAsync(Deployment app, string region) => new CheckLog(app.Documents).ReadAsync("shop", region, default);

    private static Task NextDayAsync(Deployment app) => app.MoveAsync(TimeSpan.FromDays(1));

    // The timer may fire by itself as the clock is moved, too: it begins what is not under way and not done.
    private static Task<CheckState> ReadTodayAsync(Deployment app, string region) => Eventually.SeeAsync(
        async () =>
        {
            await app.Host.RunTimerAsync("CheckBackups");
            return await StateAsync(app, region);
        },
        seen => seen.Newest?.Date == app.Time.GetUtcNow().Date,
        $"a part of {region} is read",
        () => app.Logs.Troubles);
}
