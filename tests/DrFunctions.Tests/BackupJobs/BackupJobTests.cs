using DrFunctions.App.Deployments;

namespace DrFunctions.App.BackupJobs;

/// <summary>Jobs that people start over HTTP, on real (emulated) storage.</summary>
public sealed class BackupJobTests : IAsyncLifetime
{
    private const string Jobs = "api/plans/shop/backups/jobs";

    private Deployment app = null!; // set by InitializeAsync
    private IReadOnlyDictionary<string, byte[]> files = null!; // set by InitializeAsync

    public async Task InitializeAsync()
    {
        app = await Deployment.StartAsync();
        files = await app.PrepareAsync(app.Plan);
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Run_TakesASnapshotBesideTheSchedule()
    {
        var schedule = await app.Documents.ReadAsync("schedules/shop/files", default);

        var ended = await EndedAsync(await StartAsync(new { kind = "run", policy = "files", reason = "before the release" }));

        Assert.Equal(("succeeded", "before the release", Persons.Everything), (ended["state"], ended["reason"], ended["by"]));
        Assert.Equal("3", ended["result.taken.files"]);
        var backups = await app.Api.GetAsync("api/plans/shop/backups");
        Assert.Equal(2, backups.List("backups").Count);
        Assert.All(backups.List("backups"), backup => Assert.Equal("copied", backup.GetProperty("state").GetString()));
        Assert.Contains(backups.List("backups"), backup => backup.GetProperty("snapshotId").GetString() == ended["result.taken.snapshotId"]);
        Assert.Equal(schedule?.ETag, (await app.Documents.ReadAsync("schedules/shop/files", default))?.ETag);
    }

    [Fact]
    public async Task Check_ReadsAllDataAndTheStatusShowsIt()
    {
        var before = await app.Api.GetAsync("api/plans/shop/backups/status");
        var west = await EndedAsync(await StartAsync(new { kind = "check", policy = "files" }));
        var north = await EndedAsync(await StartAsync(new { kind = "check", policy = "files", region = "northeurope" }));

        var status = await app.Api.GetAsync("api/plans/shop/backups/status");

        Assert.Equal(("unknown", "met"), (before["policies.0.check.verdict"], status["policies.0.check.verdict"]));
        Assert.Equal(("westeurope", "northeurope"), (west["result.checked.region"], north["result.checked.region"]));
        Assert.Equal(west["result.checked.packs"], west["result.checked.packsRead"]);
        Assert.NotEqual("0", west["result.checked.packsRead"]);
        Assert.Equal(("1", "1"), (west["progress.partsDone"], west["progress.parts"]));
    }

    [Fact]
    public async Task CheckAndRepair_APackIsDamaged_IsToldAndHealedFromTheOtherRegion()
    {
        await DamageAsync("westeurope");

        var check = await EndedAsync(await StartAsync(new { kind = "check", policy = "files" }));
        var status = await app.Api.GetAsync("api/plans/shop/backups/status");
        var tried = await EndedAsync(await StartAsync(new { kind = "repair", policy = "files", dryRun = true }));
        var still = await EndedAsync(await StartAsync(new { kind = "check", policy = "files" }));
        var repaired = await EndedAsync(await StartAsync(new { kind = "repair", policy = "files" }));
        var after = await EndedAsync(await StartAsync(new { kind = "check", policy = "files" }));

        Assert.Equal(("failed", "NotVerified"), (check["state"], check["error.code"]));
        Assert.Contains("packs/", check["result.checked.problems.0"], StringComparison.Ordinal);
        Assert.Equal("breached", status["policies.0.check.verdict"]);
        Assert.Equal(("succeeded", "failed", "succeeded", "True"), (tried["state"], still["state"], repaired["state"], repaired["result.repaired.isWhole"]));
        Assert.NotEqual("0", repaired["result.repaired.objectCount"]);
        Assert.Equal("succeeded", after["state"]);
    }

    [Fact]
    public async Task Repair_NothingHasIt_FailsAndNamesTheFiles()
    {
        await DamageAsync("westeurope");
        await DamageAsync("northeurope");

        var repaired = await EndedAsync(await StartAsync(new { kind = "repair", policy = "files" }));

        Assert.Equal(("failed", "NotVerified", "False"), (repaired["state"], repaired["error.code"], repaired["result.repaired.isWhole"]));
        Assert.NotEmpty(repaired.List("result.repaired.affected"));
    }

    [Fact]
    public async Task Copy_TheOtherRegionIsEmpty_HoldsAllAfterwards()
    {
        await app.North.GetBlobContainerClient("backups").DeleteAsync();
        await app.North.GetBlobContainerClient("backups").CreateAsync();

        var copied = await EndedAsync(await StartAsync(new { kind = "copy", policy = "files" }));

        Assert.Equal(("succeeded", "westeurope", "northeurope", "1"), (copied["state"], copied["result.copied.from"], copied["result.copied.to"], copied["result.copied.snapshots"]));
        Assert.Equal("succeeded", (await EndedAsync(await StartAsync(new { kind = "check", policy = "files", region = "northeurope" })))["state"]);
    }

    [Fact]
    public async Task Restore_ToANewContainer_HasTheFilesAndNoSecondRestoreIsTaken()
    {
        var target = new { connection = "SHOP_NORTHEUROPE_STORAGE", container = "look-here" };

        var restored = await EndedAsync(await StartAsync(new { kind = "restore", policy = "files", region = "northeurope", target }));
        var again = await EndedAsync(await StartAsync(new { kind = "restore", policy = "files", target }));

        Assert.Equal(("succeeded", "3"), (restored["state"], restored["result.restored.filesWritten"]));
        Assert.Equal(files, await Deployment.ReadAsync(app.North.GetBlobContainerClient("look-here")));
        Assert.Equal(("failed", "TargetChanged"), (again["state"], again["error.code"]));
    }

    [Fact]
    public async Task Restore_TheContainerIsNotEmpty_IsRefusedAndNothingIsWritten()
    {
        var container = app.North.GetBlobContainerClient("others");
        await container.CreateAsync();
        await container.UploadBlobAsync("theirs", BinaryData.FromString("x"));

        var refused = await EndedAsync(await StartAsync(new { kind = "restore", policy = "files", target = new { connection = "SHOP_NORTHEUROPE_STORAGE", container = "others" } }));

        Assert.Equal(("failed", "TargetChanged"), (refused["state"], refused["error.code"]));
        Assert.Equal(["theirs"], (await Deployment.ReadAsync(container)).Keys);
    }

    [Fact]
    public async Task Restore_NoSuchSnapshot_Fails()
    {
        var refused = await EndedAsync(await StartAsync(new { kind = "restore", policy = "files", snapshot = "missing", target = new { connection = "SHOP_NORTHEUROPE_STORAGE", container = "look-here" } }));

        Assert.Equal(("failed", "SnapshotNotFound"), (refused["state"], refused["error.code"]));
    }

    /// <summary>One of a kind and policy: the second is told which is the first, and the same start said again is the same job.</summary>
    [Fact]
    public async Task Start_WhileOneIsUnderWay_NamesItAndItsKeyFindsIt()
    {
        var go = new TaskCompletionSource();
        app.Around((activity, before, token) => before && activity == BackupJobActivities.Do ? go.Task.WaitAsync(token) : Task.CompletedTask);
        var first = await StartAsync(new { kind = "check", policy = "files", idempotencyKey = "once" });

        var second = await app.Api.PostAsync(Jobs, new { kind = "check", policy = "files" });
        var same = await StartAsync(new { kind = "check", policy = "files", idempotencyKey = "once" });
        var other = await app.Api.PostAsync(Jobs, new { kind = "check", policy = "files", region = "northeurope", idempotencyKey = "once" });
        var copy = await StartAsync(new { kind = "copy", policy = "files" });
        go.SetResult();

        Assert.Equal((409, "BackupJobActive"), (second.Status, second.Code));
        Assert.Contains(first, second.Message, StringComparison.Ordinal);
        Assert.Equal(first, same);
        Assert.Equal((409, "IdempotencyKeyUsed"), (other.Status, other.Code));
        Assert.NotEqual(first, copy);
        Assert.Equal("succeeded", (await EndedAsync(first))["state"]);
        Assert.Equal(first, await StartAsync(new { kind = "check", policy = "files", idempotencyKey = "once" }));
        Assert.NotEqual(first, await StartAsync(new { kind = "check", policy = "files" }));
    }

    /// <summary>The machine is replaced while a job is under way: it goes on.</summary>
    [Fact]
    public async Task Check_TheMachineIsReplaced_GoesOn()
    {
        var (begun, never) = (new TaskCompletionSource(), new TaskCompletionSource());
        app.Around(async (activity, before, token) =>
        {
            if (before && activity == BackupJobActivities.Do && begun.TrySetResult())
            {
                await never.Task.WaitAsync(token);
            }
        });
        var job = await StartAsync(new { kind = "check", policy = "files" });
        await begun.Task;

        await app.ReplaceAsync(app.Time);

        Assert.Equal("succeeded", (await EndedAsync(job))["state"]);
    }

    /// <summary>The process died after the job was activated: whoever starts another finds it, and so does the timer.</summary>
    [Fact]
    public async Task Follow_AJobThatWasNeverScheduled_IsDone()
    {
        var log = new BackupJobLog(app.Documents);
        var lost = new BackupJob(
            1, "20300101000000000-0000abcd", "shop", (await app.Api.GetAsync("api/plans/shop"))["version"], new BackupJobRequest(BackupJobKind.Check, "files"), "ada", "lost", DateTimeOffset.UnixEpoch, BackupJobState.Running);
        Assert.True(await log.TryActivateAsync(lost, null, default));

        await app.Host.RunTimerAsync("FollowBackupJobs");

        Assert.Equal("succeeded", (await EndedAsync(lost.Id))["state"]);
    }

    /// <summary>The same part of both regions, each a job of its own; nothing more on that day.</summary>
    [Fact]
    public async Task CheckBackups_TwiceADay_ReadsAPartOfEachRegionOnce()
    {
        await app.Host.RunTimerAsync("CheckBackups");
        await Eventually.SeeAsync(
            () => app.Api.GetAsync(Jobs), answer => answer.List("jobs") is { Count: 2 } jobs && jobs.All(job => job.GetProperty("state").GetString() == "succeeded"), "both checks have ended");
        await app.Host.RunTimerAsync("CheckBackups");

        var list = await app.Api.GetAsync(Jobs);
        var status = await app.Api.GetAsync("api/plans/shop/backups/status");
        Assert.Equal(
            ["northeurope 0 timer", "westeurope 0 timer"],
            Enumerable.Range(0, list.List("jobs").Count).Select(at => $"{list[$"jobs.{at}.request.region"]} {list[$"jobs.{at}.request.part"]} {list[$"jobs.{at}.by"]}").Order(StringComparer.Ordinal));
        Assert.Equal("unknown", status["policies.0.check.verdict"]);
        Assert.Contains("1 of 28 parts of the data were read within 30 days", status["policies.0.check.detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluation_TheRepositoryWasNeverMade_NamesTheCommandThatMakesIt()
    {
        var well = await app.Api.PostAsync("api/plans/shop/evaluation", new { });
        await app.West.GetBlobContainerClient("backups").DeleteAsync();

        var evaluated = await app.Api.PostAsync("api/plans/shop/evaluation", new { });

        var finding = evaluated.List("findings").Single(finding => finding.GetProperty("code").GetString() == "DR-DATA-009");
        Assert.Equal("regions.primary.repository", finding.GetProperty("resource").GetString());
        Assert.Contains("dr backup init", finding.GetProperty("hint").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("DR-DATA-009", well.Text, StringComparison.Ordinal);
    }

    private async Task<string> StartAsync(object body)
    {
        var answer = await app.Api.PostAsync(Jobs, body);
        Assert.True(answer.Status == 202, answer.ToString());
        Assert.Equal($"/{Jobs}/{answer["id"]}", answer.Location);
        return answer["id"];
    }

    private Task<Answer> EndedAsync(string id) =>
        Eventually.SeeAsync(() => app.Api.GetAsync($"{Jobs}/{id}"), job => job["state"] is "succeeded" or "failed", $"the job {id} has ended", () => app.Logs.Troubles);

    private async Task DamageAsync(string region)
    {
        var container = (region == "westeurope" ? app.West : app.North).GetBlobContainerClient("backups");
        foreach (var (name, content) in (await Deployment.ReadAsync(container)).Where(blob => blob.Key.StartsWith("packs/", StringComparison.Ordinal)))
        {
            content[content.Length / 2] ^= 1;
            await container.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(content), overwrite: true);
        }
    }
}
