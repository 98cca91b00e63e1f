using Azure.Storage.Blobs;
using DrFunctions.App.Backups;
using DrFunctions.App.Deployments;
using DrFunctions.App.Events;
using DrFunctions.Backup;
using DrFunctions.Backup.Holds;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Testing.Backups;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.App.Retention;

/// <summary>Prunes by the timer. There are backups at 0:00, 0:05, 0:10 and 0:15, and a prune each full hour.</summary>
public sealed class PruneRunTests
{
    private static readonly RepositoryPair Pair = new(new("SHOP_NORTHEUROPE_STORAGE", "backups"), new("SHOP_WESTEUROPE_STORAGE", "backups"));

    public static TheoryData<string> Activities => [PruneActivities.Prune, PruneActivities.Keep];

    [Fact]
    public async Task Prune_IsDue_RemovesInBothRegionsWhatNoRuleKeepsTheActiveFirst()
    {
        await using var app = await StartAsync("last: 2");
        var ids = await BackedUpAsync(app);
        Assert.Null((await Log(app).FindStateAsync(Pair, default))?.Value.Job);
        Assert.Equal("unknown", (await app.Api.GetAsync("api/plans/shop/backups/status"))["policies.0.retention.verdict"]);

        var shown = await NextAsync(app);

        Assert.Equal(["westeurope", "northeurope"], shown.Places.Select(place => place.Place.Region));
        Assert.All(shown.Places, place =>
        {
            Assert.Equal((2, 2, null), (place.Kept, place.Removed, place.Error));
            Assert.Equal(new Dictionary<string, int> { ["Kept"] = 1, ["Minimum"] = 1, ["Last"] = 2, ["NoRule"] = 2 }, place.Decisions);
            Assert.Empty(place.Troubles);
        });
        Assert.Equal(ids[2..], await SnapshotsAsync(app.West));
        Assert.Equal(ids[2..], await SnapshotsAsync(app.North));
        var status = await app.Api.GetAsync("api/plans/shop/backups/status");
        Assert.Equal(("met", "westeurope", "2", "2"), (status["policies.0.retention.verdict"], status["policies.0.retention.regions.0.region"], status["policies.0.retention.regions.0.kept"], status["policies.0.retention.regions.0.removed"]));
        Assert.Equal((0, 2), await NextRemovedAsync(app));
    }

    [Fact]
    public async Task Prune_ThePlanHasNoRules_NeverBegins()
    {
        await using var app = await StartAsync(null);
        var ids = await BackedUpAsync(app);

        await app.MoveAsync(TimeSpan.FromHours(3));
        await app.TickAsync();

        Assert.Null(await Log(app).FindStateAsync(Pair, default));
        Assert.Equal(ids, await SnapshotsAsync(app.West));
        Assert.Equal("the policy has no retention: every restore point is kept", (await app.Api.GetAsync("api/plans/shop/backups/status"))["policies.0.retention.detail"]);
    }

    /// <summary>Copies fail, and newer snapshots are in the primary only: the newest that both hold stays in both, whatever the rules count.</summary>
    [Fact]
    public async Task Prune_CopiesLag_KeepsTheNewestThatBothRegionsHold()
    {
        await using var app = await StartAsync("last: 1");
        var copied = (await BackedUpAsync(app, 2))[1];
        app.Around((name, done, _) => name == BackupActivities.Copy && !done ? throw new InvalidOperationException("dark") : Task.CompletedTask);
        var taken = new List<string>();
        for (var number = 0; number < 2; number++)
        {
            taken.Add(await NextBackupAsync(app, "failed"));
        }

        var shown = await NextAsync(app);

        // Failed backups are tried again meanwhile, with snapshots of their own.
        var west = await SnapshotsAsync(app.West);
        Assert.Contains(copied, west);
        Assert.DoesNotContain(taken[0], west);
        Assert.Equal([copied], await SnapshotsAsync(app.North));
        Assert.Equal((1, 1, 1), (shown.Places[0].Decisions["Kept"], shown.Places[0].Decisions["Last"], shown.Places[1].Removed));
    }

    /// <summary>The source was emptied, by a mistake or by somebody: backups of nothing push nothing out.</summary>
    [Fact]
    public async Task Prune_TheSourceIsSuddenlyEmpty_KeepsTheNewestWithFiles()
    {
        await using var app = await StartAsync("last: 1");
        var full = (await BackedUpAsync(app, 2))[1];
        var files = app.West.GetBlobContainerClient("files");
        await foreach (var blob in files.GetBlobsAsync())
        {
            await files.DeleteBlobAsync(blob.Name);
        }

        var empty = new List<string> { await NextBackupAsync(app, "copied"), await NextBackupAsync(app, "copied") };
        await NextAsync(app);

        Assert.Equal([full, empty[1]], await SnapshotsAsync(app.West));
        Assert.Equal([full, empty[1]], await SnapshotsAsync(app.North));
    }

    /// <summary>The host's time for a function is over before the prune is: what was done is whole, and another attempt is due.</summary>
    [Fact]
    public async Task Prune_TakesLongerThanAFunctionMay_IsCutOffAndSaysSo()
    {
        await using var app = await StartAsync("last: 1");
        var ids = await BackedUpAsync(app);
        T Get<T>() where T : notnull => app.Host.Services.GetRequiredService<T>();
        var hasty = new PruneActivities(
            Log(app), Get<PruneScopes>(), Get<BackupLog>(), Get<BackupEngine>(), Get<StoreLocations>(), Get<BackupSlots>(), new FunctionTimeout(TimeSpan.FromMilliseconds(1)), app.Time);
        var place = new PrunePlace(Pair.Second, "westeurope");

        var cut = await hasty.PruneAsync(new PlaceInput(new PruneInput(Pair, [place], DateTimeOffset.UnixEpoch, 1), place), default);

        Assert.Equal(PruneActivities.CutOff, cut.Error?.Code);
        Assert.Equal(ids, await SnapshotsAsync(app.West));
        Assert.Equal(1, (await Get<PruneActivities>().PruneAsync(new PlaceInput(new PruneInput(Pair, [place], DateTimeOffset.UnixEpoch, 1), place), default)).Kept);
    }

    [Fact]
    public async Task Prune_TheStandbyIsDark_PrunesTheOtherAndTriesTheStandbyAgain()
    {
        await using var app = await StartAsync("last: 1");
        var ids = await BackedUpAsync(app);
        var isDark = false;
        app.Around((name, done, _) =>
        {
            if (name == PruneActivities.Prune && !done && isDark)
            {
                throw new InvalidOperationException("dark");
            }

            isDark |= name == PruneActivities.Prune && done; // The first one was the primary's.
            return Task.CompletedTask;
        });

        var first = await NextAsync(app);

        Assert.Equal([null, PruneOrchestration.NoAnswer], first.Places.Select(place => place.Error?.Code));
        Assert.Equal(ids[3..], await SnapshotsAsync(app.West));
        Assert.Equal(ids, await SnapshotsAsync(app.North));
        Assert.Equal("atRisk", (await app.Api.GetAsync("api/plans/shop/backups/status"))["policies.0.retention.verdict"]);
        app.Around((_, _, _) => Task.CompletedTask);
        var second = await NextAsync(app, TimeSpan.FromMinutes(3));
        Assert.Equal((first.Name + "-002", "northeurope"), (second.Name, Assert.Single(second.Places).Place.Region));
        Assert.Equal(ids[3..], await SnapshotsAsync(app.North));
        var status = await app.Api.GetAsync("api/plans/shop/backups/status");
        Assert.Equal(("met", "westeurope", "northeurope"), (status["policies.0.retention.verdict"], status["policies.0.retention.regions.0.region"], status["policies.0.retention.regions.1.region"]));
    }

    /// <summary>Two workloads share the repositories, a third one's plan has no rules, a fourth is in no plan: each goes by its own.</summary>
    [Fact]
    public async Task Prune_SharedRepositories_GoesByEachPlansRules()
    {
        await using var app = await StartAsync("last: 2");
        await app.Api.ApplyAsync("books", Plan(app, "last: 1").For("books").Yaml);
        await app.Api.ApplyAsync("music", Plan(app, null).For("music").Yaml);
        await BackedUpAsync(app);
        using (var repository = await ARepository.OpenAsync(new BlobRepository(app.West.GetBlobContainerClient("backups"))))
        {
            foreach (var id in new[] { "old-1", "old-2" })
            {
                await new BackupEngine().BackupAsync(new Backup.Sources.MemoryFiles(), repository, new SnapshotRequest(id, "films", "files"));
            }
        }

        foreach (var workload in new[] { "books", "music" })
        {
            await app.Api.BackupsAsync(workload, seen => seen["backups.0.occurrence"].EndsWith("T0015Z", StringComparison.Ordinal) && seen["backups.0.state"] == "copied", "the last one");
        }

        var before = await SnapshotsAsync(app.West);
        await NextAsync(app);

        var left = (await SnapshotsAsync(app.West)).GroupBy(id => id.Split('_', '-')[0]).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal((2, 1, 2), (left["shop"], left["books"], left["old"]));
        Assert.Equal(before.Count(id => id.StartsWith("music", StringComparison.Ordinal)), left["music"]);
    }

    /// <summary>A person may choose any restore point for the retry of a step: none vanishes while a run has the workload.</summary>
    [Fact]
    public async Task Prune_ARunHoldsTheWorkload_WaitsUntilItIsOver()
    {
        await using var app = await StartAsync("last: 1");
        var ids = await BackedUpAsync(app);
        await app.Api.ApplyAsync("shop", Plan(app, "last: 1").Steps("wait: { for: 90m }").Yaml);
        var run = await app.Api.StartAsync();
        await app.Api.RunAsync(run, seen => seen["steps.0.state"] == "running", "it waits");

        await app.MoveAsync(TimeSpan.FromMinutes(61));
        await app.TickAsync();

        Assert.Null((await Log(app).FindStateAsync(Pair, default))?.Value.Job);
        Assert.Equal(ids, await SnapshotsAsync(app.West));
        await app.MoveAsync(TimeSpan.FromMinutes(40));
        await app.Api.EndedAsync(run);
        await NextAsync(app, TimeSpan.Zero);
        Assert.Equal(ids[3..], await SnapshotsAsync(app.West));
    }

    /// <summary>A run that stays: the other workloads of its repositories are pruned all the same, and its own snapshots left alone.</summary>
    [Fact]
    public async Task Prune_OneOfTwoWorkloadsIsBusyForHours_PassesItOver()
    {
        await using var app = await StartAsync("last: 1");
        var ids = await BackedUpAsync(app);
        await app.Api.ApplyAsync("books", Plan(app, "last: 1").For("books").Yaml);
        await app.TickAsync();
        await app.Api.BackupsAsync("books", seen => seen["backups.0.state"] == "copied", "the first one");
        await app.Api.ApplyAsync("shop", Plan(app, "last: 1").Steps("wait: { for: 10h }").Yaml);
        var run = await app.Api.StartAsync();

        // Each hour another prune is due, whose patience begins anew: the plans' schedule is changed to a rare one first.
        await app.Api.ApplyAsync("books", Plan(app, "last: 1", "0 1 * * *").For("books").Yaml);
        await app.Api.ApplyAsync("shop", Plan(app, "last: 1", "0 1 * * *").Steps("wait: { for: 10h }").Yaml);
        await app.MoveAsync(TimeSpan.FromHours(2));
        await app.TickAsync();
        Assert.Null((await Log(app).FindStateAsync(Pair, default))?.Value.Job);
        var shown = await NextAsync(app, TimeSpan.FromHours(2.5));

        Assert.All(shown.Places, place => Assert.Equal([$"shop: the run '{run}' has it"], place.PassedOver));
        Assert.Equal(ids, (await SnapshotsAsync(app.West)).Where(id => id.StartsWith("shop", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Prune_ASnapshotIsHeld_StaysInTheRepositoryThatHasTheHold()
    {
        await using var app = await StartAsync("last: 1");
        var ids = await BackedUpAsync(app);
        using (var repository = await ARepository.OpenAsync(new BlobRepository(app.West.GetBlobContainerClient("backups"))))
        {
            await new BackupEngine().HoldAsync(repository, new LegalHold(ids[0], null, "ann", "case 7", DateTimeOffset.UtcNow));
        }

        var shown = await NextAsync(app);

        Assert.Equal((1, 3), (shown.Places[0].Decisions["Hold"], shown.Places[1].Removed));
        Assert.Equal([ids[0], ids[3]], await SnapshotsAsync(app.West));
        Assert.Equal(ids[3..], await SnapshotsAsync(app.North));
    }

    [Fact]
    public async Task Prune_ASnapshotCannotBeRead_IsToldAndBreachedUntilItCan()
    {
        await using var topic = await Topic.StartAsync();
        await using var app = await StartAsync("last: 1", topic.Settings);
        await BackedUpAsync(app);
        await app.North.GetBlobContainerClient("backups").GetBlobClient("snapshots/broken").UploadAsync(BinaryData.FromBytes(new byte[300]));

        var shown = await NextAsync(app);
        await app.Host.RunTimerAsync("Notify");
        await app.Host.RunTimerAsync("Notify");

        Assert.StartsWith("the snapshot 'broken' cannot be read, and any pack may be its", Assert.Single(shown.Places[1].Blocked), StringComparison.Ordinal);
        var told = topic.Events.DistinctBy(one => one.GetProperty("id").GetString()).Single(one => one.GetProperty("type").GetString() == "DrFunctions.Prune.Failed");
        Assert.Equal(
            ("northeurope", $"northeurope: no pack was removed: {shown.Places[1].Blocked[0]}"),
            (told.GetProperty("data").GetProperty("regions").GetString(), told.GetProperty("data").GetProperty("message").GetString()));
        Assert.Equal("breached", (await app.Api.GetAsync("api/plans/shop/backups/status"))["policies.0.retention.verdict"]);
        Assert.Contains("DR-DATA-008", (await app.Api.PostAsync("api/plans/shop/evaluation", new { })).Text, StringComparison.Ordinal);
        await app.North.GetBlobContainerClient("backups").DeleteBlobAsync("snapshots/broken");
        await NextAsync(app);
        Assert.Equal("met", (await app.Api.GetAsync("api/plans/shop/backups/status"))["policies.0.retention.verdict"]);
    }

    [Theory]
    [MemberData(nameof(Activities))]
    public async Task Prune_HostIsReplacedBeforeAndAfterAnActivity_EndsAsIfNothingHadHappened(string activity)
    {
        await using var app = await StartAsync("last: 1");
        var ids = await BackedUpAsync(app);
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

            var shown = await NextAsync(app, meanwhile: async () =>
            {
                await reached.Task.WaitAsync(Eventually.Patience);
                await app.ReplaceAsync(app.Time);
            });

            Assert.All(shown.Places, place => Assert.Equal((1, null), (place.Kept, place.Error)));
            Assert.Equal(ids[3..], await SnapshotsAsync(app.West));
            Assert.Equal(ids[3..], await SnapshotsAsync(app.North));
        }
    }

    [Fact]
    public async Task Prune_TheOrchestrationIsTerminatedMidway_IsTriedAgain()
    {
        await using var app = await StartAsync("last: 1");
        var ids = await BackedUpAsync(app);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Around(async (name, done, stopping) =>
        {
            if (name == PruneActivities.Prune && !done && reached.TrySetResult())
            {
                await go.Task.WaitAsync(stopping);
                throw new InvalidOperationException("terminated");
            }
        });

        var first = await NextAsync(app, meanwhile: async () =>
        {
            await reached.Task.WaitAsync(Eventually.Patience);
            var job = (await Log(app).FindStateAsync(Pair, default))?.Value.Job;
            await app.Host.DurableClient.TerminateInstanceAsync(job!.InstanceId); // It was begun.
            go.SetResult();
            await Eventually.SeeAsync(() => app.Host.DurableClient.GetInstanceAsync(job.InstanceId), seen => seen is { IsCompleted: true }, "it is terminated");
        });

        Assert.All(first.Places, place => Assert.EndsWith("ended without a result.", place.Error?.Message, StringComparison.Ordinal));
        var second = await NextAsync(app, TimeSpan.FromMinutes(3));
        Assert.Equal(first.Name + "-002", second.Name);
        Assert.All(second.Places, place => Assert.Null(place.Error));
        Assert.Equal(ids[3..], await SnapshotsAsync(app.North));
    }

    private static PruneLog Log(Deployment app) => app.Host.Services.GetRequiredService<PruneLog>();

    // What the storage wrote must not be earlier than what snapshots say of themselves: the app's clock is days behind the storage's.
    private static async Task<Deployment> StartAsync(string? rules, params (string Name, string Value)[] settings)
    {
        var day = new DateTimeOffset(DateTime.UtcNow.Date.AddDays(-10), TimeSpan.Zero);
        var app = await Deployment.StartAsync(new ShiftedTime(day.AddSeconds(1)), time => time, null, settings);
        var plan = Plan(app, rules);
        await app.PrepareAsync(settings.Length > 0 ? plan.With("strategy: ", "notify: { topic: OPERATORS }\nstrategy: ") : plan);
        return app;
    }

    private static ShopPlan Plan(Deployment app, string? rules, string schedule = "0 * * * *")
    {
        const string Sample = "    retention: { hourly: 24, daily: 14, weekly: 8, monthly: 12 }\n";
        return app.Plan
            .With("schedule: \"*/5 * * * *\"", "schedule: \"0,5,10,15 0 * * *\"")
            .With(Sample, rules is null ? "" : $"    retention: {{ {rules}, schedule: \"{schedule}\" }}\n");
    }

    private static async Task<List<string>> BackedUpAsync(Deployment app, int count = 4)
    {
        var ids = new List<string> { (await app.Api.GetAsync("api/plans/shop/backups"))["backups.0.snapshotId"] };
        while (ids.Count < count)
        {
            ids.Add(await NextBackupAsync(app, "copied"));
        }

        return ids;
    }

    private static async Task<string> NextBackupAsync(Deployment app, string state)
    {
        var last = (await app.Api.GetAsync("api/plans/shop/backups"))["backups.0.occurrence"];
        await app.MoveAsync(TimeSpan.FromMinutes(5));
        await app.TickAsync();
        var seen = await Eventually.SeeAsync(
            async () =>
            {
                if (state == "failed")
                {
                    await app.MoveAsync(TimeSpan.FromSeconds(10)); // The retries' pauses pass at once.
                }

                return await app.Api.GetAsync("api/plans/shop/backups");
            },
            seen => seen["backups.0.occurrence"] != last && seen["backups.0.state"] == state,
            $"a backup that is {state}",
            () => app.Logs.Troubles);
        return seen["backups.0.snapshotId"];
    }

    // By default the next full hour.
    private static async Task<PruneRecord> NextAsync(Deployment app, TimeSpan? after = null, Func<Task>? meanwhile = null)
    {
        var last = await LastAsync(app);
        await app.MoveAsync(after ?? TimeSpan.FromHours(1));
        await app.TickAsync();
        await (meanwhile?.Invoke() ?? Task.CompletedTask);
        return (await Eventually.SeeAsync(
            async () =>
            {
                await app.MoveAsync(TimeSpan.FromSeconds(2)); // Pauses of retries pass.
                await app.TickAsync();
                return await LastAsync(app) is { } record && (await Log(app).FindStateAsync(Pair, default))?.Value.ClosedAt is not null ? record : null;
            },
            seen => seen is not null && seen.Name != last?.Name,
            "the prune is over and closed",
            () => app.Logs.Troubles))!; // It was seen.
    }

    private static async Task<(int Removed, int Kept)> NextRemovedAsync(Deployment app)
    {
        var place = (await NextAsync(app)).Places[0];
        return (place.Removed, place.Kept);
    }

    private static async Task<PruneRecord?> LastAsync(Deployment app) =>
        (await Log(app).FindLastAsync(Pair, default)).Select(one => one.Record).MaxBy(record => record.Name, StringComparer.Ordinal);

    // What is visible, by id: in a copy something stays in the place of what was removed, so that no copy brings it back.
    private static async Task<List<string>> SnapshotsAsync(BlobServiceClient region)
    {
        using var repository = await ARepository.OpenAsync(new BlobRepository(region.GetBlobContainerClient("backups")));
        var ids = new List<string>();
        await foreach (var snapshot in new BackupEngine().ListAsync(repository))
        {
            ids.Add(snapshot.Id);
        }

        return [.. ids.Order(StringComparer.Ordinal)];
    }
}
