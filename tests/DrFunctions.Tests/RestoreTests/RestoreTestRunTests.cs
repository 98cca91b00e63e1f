using Azure.Storage.Blobs;
using DrFunctions.App.Deployments;
using DrFunctions.App.Events;
using DrFunctions.Recovery.Objectives;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.App.RestoreTests;

public sealed class RestoreTestRunTests
{
    public static TheoryData<string> Activities =>
    [
        RestoreTestActivities.Begin,
        RestoreTestActivities.Restore,
        RestoreTestActivities.Compare,
        RestoreTestActivities.List,
        RestoreTestActivities.Clean,
        RestoreTestActivities.Keep,
    ];

    [Fact]
    public async Task Test_IsDue_RestoresTheNewestADrawnAndTheOldestPointBitForBitAndLeavesNothing()
    {
        await using var app = await TestedAsync();
        var oldest = await BackedUpAsync(app, "20300101T0000Z");
        await app.MoveAsync(TimeSpan.FromMinutes(10));
        await app.West.GetBlobContainerClient("files").GetBlobClient("index.html").UploadAsync(BinaryData.FromString("<h1>new</h1>"), overwrite: true);
        await app.TickAsync();
        var newest = await BackedUpAsync(app, "20300101T0010Z");

        var shown = await NextAsync(app, TimeSpan.FromHours(1));

        Assert.True(shown.Verdict == RestoreTestVerdict.Passed, shown.Reason);
        Assert.Equal(("20300101T0100Z", "northeurope", "files"), (shown.Name, shown.Region, shown.Store));
        Assert.Equal((3600, ObjectiveVerdict.Met), (shown.RtoSeconds, shown.Rto));
        Assert.Contains(shown.Points, point => point.SnapshotId == newest && point.Picks.Contains(RestorePointPick.Newest));
        Assert.Contains(shown.Points, point => point.SnapshotId == oldest && point.Picks.Contains(RestorePointPick.Oldest));
        Assert.Single(shown.Points, point => point.Picks.Contains(RestorePointPick.Random));
        Assert.All(shown.Points, point =>
        {
            Assert.Equal((RestoreTestVerdict.Passed, 3, false), (point.Verdict, point.Files, point.IsExtrapolated));
            Assert.Equal(point.Bytes, point.BytesTimed);
            Assert.NotNull(point.RestoreSeconds);
            Assert.Equal(
                "the content of 3 files, read back, with the names of the snapshot's chunks; names, lengths, headers and metadata of 3 files with the snapshot's manifest",
                point.Compared);
        });
        Assert.NotNull(shown.CleanedAt);
        Assert.True(shown.IsIntact());
        var status = await app.Api.GetAsync("api/plans/shop/backups/status");
        Assert.Equal(("met", "unknown"), (status["policies.0.restoreTest.verdict"], status["policies.0.check.verdict"]));
        Assert.Equal(("met", "met", "met", "met"), (status["policies.0.rule.verdict"], status["policies.0.rule.copies.verdict"], status["policies.0.rule.media.verdict"], status["policies.0.rule.offSite.verdict"]));
        Assert.Empty(await ScratchAsync(app));

        // The same document is in the other region, and the next test is chained to it.
        Assert.True(await app.Control.GetBlobContainerClient("drfunctions").GetBlobClient("restoretests/shop/files/20300101T0100Z").ExistsAsync());
        Assert.True(await app.North.GetBlobContainerClient("drfunctions").GetBlobClient("restoretests/shop/files/20300101T0100Z").ExistsAsync());
        Assert.Equal(shown.Hash, (await NextAsync(app, TimeSpan.FromHours(1))).Previous);
    }

    [Fact]
    public async Task Test_APackOfTheCopyIsDamaged_FailsNamesTheFileAndLeavesNothing()
    {
        await using var topic = await Topic.StartAsync();
        await using var app = await Deployment.StartAsync(null, topic.Settings);
        await app.PrepareAsync(TestedPlan(app).With("strategy: ", "notify: { topic: OPERATORS }\nstrategy: "));
        await BackedUpAsync(app, "20300101T0000Z");
        await DamageAsync(app.North.GetBlobContainerClient("backups"));

        var shown = await NextAsync(app, TimeSpan.FromHours(1));
        await app.Host.RunTimerAsync("Notify");
        await app.Host.RunTimerAsync("Notify");

        Assert.Equal(RestoreTestVerdict.Failed, shown.Verdict);
        Assert.Contains("'images/logo.bin'", shown.Reason, StringComparison.Ordinal);
        var point = shown.Points[0];
        Assert.Equal(("DataDamaged", "nothing"), (point.Error?.Code, point.Compared));
        Assert.Null(point.RestoreSeconds);
        Assert.Equal(
            ["DrFunctions.Backup.CopyLate", "DrFunctions.RestoreTest.Failed"],
            topic.Events.DistinctBy(one => one.GetProperty("id").GetString()).Select(one => one.GetProperty("type").GetString()).Order());
        Assert.Contains(topic.Events, one => one.GetProperty("id").GetString() == "shop_files_restoretest-failed_20300101T0100Z");
        Assert.Contains(topic.Events, one => one.GetProperty("type").GetString() == "DrFunctions.RestoreTest.Failed"
            && one.GetProperty("data").GetProperty("message").GetString()!.Contains("'images/logo.bin'", StringComparison.Ordinal)); // Each has one.
        var status = await app.Api.GetAsync("api/plans/shop/backups/status");
        Assert.Equal("breached", status["policies.0.restoreTest.verdict"]);
        Assert.Equal("breached", status["policies.0.rule.verdict"]);
        Assert.Contains("DR-DATA-005", (await app.Api.PostAsync("api/plans/shop/evaluation", new { })).Text, StringComparison.Ordinal);
        Assert.NotNull(shown.CleanedAt);
        Assert.Empty(await ScratchAsync(app));
    }

    [Fact]
    public async Task Test_ThereIsNoRestorePointInTheCopy_Fails()
    {
        await using var app = await TestedAsync();
        await BackedUpAsync(app, "20300101T0000Z");
        var copy = app.North.GetBlobContainerClient("backups");
        await foreach (var blob in copy.GetBlobsAsync(prefix: "snapshots/"))
        {
            await copy.DeleteBlobAsync(blob.Name);
        }

        var shown = await NextAsync(app, TimeSpan.FromHours(1));

        Assert.Equal((RestoreTestVerdict.Failed, "The standby's repository has no restore point of the policy."), (shown.Verdict, shown.Reason));
    }

    [Fact]
    public async Task Test_AContainerOfThatNameIsAnothers_FailsAndLeavesItAlone()
    {
        await using var app = await TestedAsync();
        await BackedUpAsync(app, "20300101T0000Z");
        var job = new RestoreTestInput("shop", "files", new DateTimeOffset(2030, 1, 1, 1, 0, 0, TimeSpan.Zero), 1, "", Recovery.Workloads.RegionRole.Secondary);
        var theirs = app.North.GetBlobContainerClient(job.Scratch(0));
        await theirs.CreateAsync();
        await theirs.UploadBlobAsync("precious", BinaryData.FromString("theirs"));

        var shown = await NextAsync(app, TimeSpan.FromHours(1));

        Assert.Equal((RestoreTestVerdict.Failed, "TargetChanged"), (shown.Verdict, shown.Points[0].Error?.Code));
        Assert.Equal(["precious"], (await Deployment.ReadAsync(theirs)).Keys);
    }

    [Theory]
    [MemberData(nameof(Activities))]
    public async Task Test_HostIsReplacedBeforeAndAfterAnActivity_EndsAsIfNothingHadHappened(string activity)
    {
        await using var app = await TestedAsync();
        await BackedUpAsync(app, "20300101T0000Z");
        foreach (var isDone in new[] { false, true })
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            app.Around(async (name, done, stopping) =>
            {
                if (name == activity && done == isDone && reached.TrySetResult())
                {
                    // Its answer is never written: the next host calls it again.
                    await Task.Delay(Timeout.Infinite, stopping);
                }
            });

            var shown = await NextAsync(app, TimeSpan.FromHours(1), async () =>
            {
                await reached.Task.WaitAsync(Eventually.Patience);
                await app.ReplaceAsync(app.Time);
            });

            Assert.True(shown.Verdict == RestoreTestVerdict.Passed, shown.Reason);
            Assert.NotNull(shown.CleanedAt);
            Assert.Empty(await ScratchAsync(app));
        }
    }

    [Fact]
    public async Task Test_TheOrchestrationIsTerminatedMidway_IsUnknownSweptAndTriedAgain()
    {
        await using var app = await TestedAsync();
        await BackedUpAsync(app, "20300101T0000Z");
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Around(async (name, done, stopping) =>
        {
            if (name == RestoreTestActivities.Compare && !done && reached.TrySetResult())
            {
                await go.Task.WaitAsync(stopping);
            }
        });

        var shown = await NextAsync(app, TimeSpan.FromHours(1), async () =>
        {
            await reached.Task.WaitAsync(Eventually.Patience);
            Assert.NotEmpty(await ScratchAsync(app));
            var job = (await Log(app).FindStateAsync("shop", "files", default))?.Value.Job;
            await app.Host.DurableClient.TerminateInstanceAsync(job!.InstanceId); // It was begun.
            go.SetResult();
            await Eventually.SeeAsync(
                () => app.Host.DurableClient.GetInstanceAsync(job.InstanceId), seen => seen is { IsCompleted: true }, "it is terminated");
            await app.TickAsync();
        });

        Assert.Equal(RestoreTestVerdict.Unknown, shown.Verdict);
        Assert.EndsWith("ended without a result.", shown.Reason, StringComparison.Ordinal);
        Assert.Empty(await ScratchAsync(app));
        Assert.Equal(RestoreTestVerdict.Passed, (await NextAsync(app, TimeSpan.FromMinutes(3))).Verdict);
        Assert.Equal("20300101T0100Z-002", (await Log(app).FindLastAsync("shop", "files", default))?.Name);
    }

    [Fact]
    public async Task Test_ARunHoldsTheWorkload_DoesNotBegin()
    {
        await using var app = await TestedAsync();
        await BackedUpAsync(app, "20300101T0000Z");
        await app.Api.ApplyAsync("shop", TestedPlan(app).Steps("wait: { for: 1h }").Yaml);
        await app.Api.StartAsync();

        await app.MoveAsync(TimeSpan.FromMinutes(61));
        await app.TickAsync();

        Assert.Null((await Log(app).FindStateAsync("shop", "files", default))?.Value.Job);
    }

    private static RestoreTestLog Log(Deployment app) => app.Host.Services.GetRequiredService<RestoreTestLog>();

    private static ShopPlan TestedPlan(Deployment app) => app.Plan.With("    timeZone: UTC # any", "    restoreTest: { schedule: \"0 * * * *\" }\n    timeZone: UTC # any");

    private static async Task<Deployment> TestedAsync()
    {
        var app = await Deployment.StartAsync();
        await app.PrepareAsync(TestedPlan(app));
        return app;
    }

    private static async Task<string> BackedUpAsync(Deployment app, string occurrence)
    {
        var seen = await app.Api.BackupsAsync("shop", seen => seen["backups.0.occurrence"] == occurrence && seen["backups.0.state"] == "copied", occurrence);
        return seen["backups.0.snapshotId"];
    }

    private static async Task<RestoreTestEvidence> NextAsync(Deployment app, TimeSpan after, Func<Task>? meanwhile = null)
    {
        var last = await Log(app).FindLastAsync("shop", "files", default);
        await app.MoveAsync(after);
        await app.TickAsync();
        await (meanwhile?.Invoke() ?? Task.CompletedTask);
        var shown = await Eventually.SeeAsync(
            () => Log(app).FindLastAsync("shop", "files", default), seen => seen is not null && seen.Name != last?.Name, "the restore test is over", () => app.Logs.Troubles);
        await Eventually.SeeAsync(
            async () =>
            {
                await app.TickAsync();
                return await Log(app).FindStateAsync("shop", "files", default);
            },
            seen => seen?.Value.ClosedAt is not null,
            "the restore test is closed");
        return shown!; // It was seen.
    }

    private static async Task<List<string>> ScratchAsync(Deployment app)
    {
        var names = new List<string>();
        foreach (var account in new[] { app.North, app.West, app.Control })
        {
            await foreach (var container in account.GetBlobContainersAsync(prefix: "drtest-"))
            {
                names.Add(container.Name);
            }
        }

        return names;
    }

    // The largest pack is nearly all of the one file that cannot be compressed.
    private static async Task DamageAsync(BlobContainerClient repository)
    {
        var (name, length) = ("", 0L);
        await foreach (var blob in repository.GetBlobsAsync(prefix: "packs/"))
        {
            (name, length) = blob.Properties.ContentLength > length ? (blob.Name, blob.Properties.ContentLength ?? 0) : (name, length);
        }

        var pack = repository.GetBlobClient(name);
        var content = (await pack.DownloadContentAsync()).Value.Content.ToArray();
        content[content.Length / 2] ^= 1;
        await pack.UploadAsync(BinaryData.FromBytes(content), overwrite: true);
    }
}
