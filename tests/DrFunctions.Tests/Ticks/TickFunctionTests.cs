using DrFunctions.App.Deployments;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Backups;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.App.Ticks;

public sealed class TickFunctionTests
{
    [Fact]
    public async Task Tick_OfTheSchedule_BacksUpOnceAnOccurrenceAndCatchesUpOnce()
    {
        await using var app = await Deployment.StartAsync();
        await app.UploadAsync();
        await app.Api.ApplyAsync("shop", app.Plan.Yaml);

        await Task.WhenAll(app.TickAsync(), app.TickAsync());
        var first = await app.Api.BackupsAsync("shop", seen => seen["backups.0.state"] == "copied", "the first");
        Assert.Equal("20300101T0000Z", Occurrences(first));
        Assert.Equal(("3", "70013", "westeurope", "northeurope"), (
            first["backups.0.files"], first["backups.0.bytes"], first["backups.0.from"], first["backups.0.to"]));
        Assert.Equal("met", (await app.Api.GetAsync("api/plans/shop"))["rpo.verdict"]);

        await app.MoveAsync(TimeSpan.FromMinutes(5));
        await Task.WhenAll(app.TickAsync(), app.TickAsync());
        await app.TickAsync();
        var next = await app.Api.BackupsAsync("shop", seen => seen["backups.0.state"] == "copied" && seen.List("backups").Count > 1, "the next");
        Assert.Equal("20300101T0005Z 20300101T0000Z", Occurrences(next));

        // Four occurrences pass while nobody ticks; the newest stands for all.
        await app.MoveAsync(TimeSpan.FromMinutes(22));
        await app.TickAsync();
        await app.TickAsync();
        var caught = await app.Api.BackupsAsync("shop", seen => seen["backups.0.state"] == "copied" && seen.List("backups").Count > 2, "the missed");
        Assert.Equal("20300101T0025Z 20300101T0005Z 20300101T0000Z", Occurrences(caught));
    }

    [Fact]
    public async Task Tick_OnePlansPointerIsDamaged_LooksAfterTheOthers()
    {
        await using var app = await Deployment.StartAsync();
        await app.Documents.TryCreateAsync("plans/a-damaged/current", "{"u8.ToArray(), default);

        await app.PrepareAsync(app.Plan);

        Assert.Contains("plans/a-damaged/current", app.Logs.Troubles, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tick_NamesThatJoinToTheSameText_BacksUpBoth()
    {
        await using var app = await Deployment.StartAsync();
        await app.UploadAsync();
        await app.Api.ApplyAsync("shop", app.Plan.With("backups:\n  - name: files", "backups:\n  - name: eu-files").Yaml);
        await app.Api.ApplyAsync("shop-eu", app.Plan.With("workload: shop", "workload: shop-eu").Yaml);

        await app.TickAsync();

        var one = await app.Api.BackupsAsync("shop", seen => seen["backups.0.state"] == "copied", "copied");
        var two = await app.Api.BackupsAsync("shop-eu", seen => seen["backups.0.state"] == "copied", "copied");
        Assert.NotEqual(one["backups.0.snapshotId"], two["backups.0.snapshotId"]);
    }

    [Fact]
    public async Task Tick_LockWhoseRunWasNeverScheduled_SchedulesIt()
    {
        await using var app = await Deployment.StartAsync();
        await app.PrepareAsync(app.Plan);
        await TakeLockAsync(app, "shop-orphan");
        Assert.Equal(404, (await app.Api.GetAsync("api/runs/shop-orphan")).Status);

        await app.TickAsync();

        var run = await app.Api.EndedAsync("shop-orphan");
        Assert.Equal(("completed", "the test"), (run["state"], run["startedBy"]));
    }

    [Fact]
    public async Task Tick_RunWhoseOrchestrationEndedWithItsLockHeld_BeginsItAnew()
    {
        await using var app = await Deployment.StartAsync();
        await app.Cloud.SetRegionDarkAsync("northeurope", true);
        await app.PrepareAsync(app.Plan);
        var run = await app.Api.StartAsync();
        var before = await app.Api.RunAsync(run, seen => seen["steps.2.state"] == "running", "waits for health");
        await app.Host.DurableClient.TerminateInstanceAsync(run);
        await Eventually.SeeAsync(
            async () => await app.Host.DurableClient.GetInstanceAsync(run), seen => seen is { RuntimeStatus: OrchestrationRuntimeStatus.Terminated }, "terminated");
        await app.Cloud.SetRegionDarkAsync("northeurope", false);

        await app.TickAsync();

        var ended = await app.Api.EndedAsync(run);
        Assert.Equal("completed", ended["state"]);
        Assert.Equal(before["steps.1.endedAt"], ended["steps.1.endedAt"]);
        Assert.Equal("released", (await app.Api.GetAsync("api/plans/shop"))["lock.state"]);
    }

    [Fact]
    public async Task Tick_SignalWhoseIncidentWasNeverWoken_WakesIt()
    {
        await using var app = await Deployment.StartAsync();
        await app.Api.ApplyAsync("shop", app.Plan.Yaml);
        var signal = SignalReader.Read(Alerts.Common("orphan", ShopPlan.West, app.Time.GetUtcNow())[1..^1], app.Time.GetUtcNow());
        await app.Host.Services.GetRequiredService<SignalLog>().AddAsync(
            new SignalRecord(1, signal, "shop", SignalDisposition.Correlated, "the plan names the resource", "{}"), default);
        Assert.Empty((await app.Api.GetAsync("api/plans/shop/incidents")).List("incidents"));

        await app.TickAsync();

        var incidents = await app.Api.IncidentAsync("shop", seen => seen.At("incidents.0.verdict") is not null, "judged");
        Assert.Equal(signal.Id, incidents["incidents.0.signals.0"]);
    }

    [Fact]
    public async Task Tick_DocumentThatTheMirrorMisses_CopiesItAndRemovesTheMark()
    {
        await using var app = await Deployment.StartAsync();
        await app.Api.ApplyAsync("shop", app.Plan.Yaml);
        var (control, mirror) = (app.Control.GetBlobContainerClient("drfunctions"), app.North.GetBlobContainerClient("drfunctions"));
        await mirror.DeleteBlobAsync("plans/shop/current");
        await control.UploadBlobAsync("unmirrored/plans/shop/current/new", BinaryData.FromString("""{"schema":1}"""));

        await app.TickAsync();

        var (here, there) = (await Deployment.ReadAsync(control), await Deployment.ReadAsync(mirror));
        Assert.Equal(here["plans/shop/current"], there["plans/shop/current"]);
        Assert.DoesNotContain(here.Keys, key => key.StartsWith("unmirrored/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tick_PlanThatCannotBeRead_KeepsNobodyElseFromItsBackup()
    {
        await using var app = await Deployment.StartAsync();
        await app.UploadAsync();
        await app.Api.ApplyAsync("shop", app.Plan.Yaml);
        await app.Documents.TryCreateAsync("plans/aaa/current", """{"schema":1,"version":"v000009"}"""u8.ToArray(), default);
        await app.Documents.TryCreateAsync("locks/shop", "not a lock"u8.ToArray(), default);

        await app.TickAsync();

        await app.Api.BackupsAsync("shop", seen => seen["backups.0.state"] == "copied", "copied");
    }

    [Fact]
    public async Task Tick_ConnectionThatIsNotSet_FailsTheBackupNamingTheSetting()
    {
        await using var app = await Deployment.StartAsync(null, ("SHOP_WESTEUROPE_STORAGE", ""));
        await app.Api.ApplyAsync("shop", app.Plan.Yaml);

        await app.TickAsync();

        var backups = await app.Api.BackupsAsync("shop", seen => seen["backups.0.state"] == "failed", "failed");
        Assert.Equal("StorageRefused", backups["backups.0.error.code"]);
        Assert.Contains("'SHOP_WESTEUROPE_STORAGE'", backups["backups.0.error.message"], StringComparison.Ordinal);
        Assert.Equal("unknown", (await app.Api.GetAsync("api/plans/shop"))["rpo.verdict"]);
    }

    [Fact]
    public async Task Tick_BackupThatFailed_IsTriedAgainInItsOccurrenceAfterAPause()
    {
        await using var app = await Deployment.StartAsync();
        await app.Api.ApplyAsync("shop", app.Plan.Yaml);
        await app.TickAsync();
        await app.Api.BackupsAsync("shop", seen => seen["backups.0.state"] == "failed", "failed, as there is no container");
        await EndedAsync(app, "backup-shop_files_20300101T0000Z");
        await app.UploadAsync();
        await app.TickAsync();
        Assert.Equal("20300101T0000Z", Occurrences(await app.Api.GetAsync("api/plans/shop/backups")));

        await app.MoveAsync(TimeSpan.FromMinutes(1));
        await Task.WhenAll(app.TickAsync(), app.TickAsync());

        var backups = await app.Api.BackupsAsync("shop", seen => seen["backups.0.state"] == "copied", "copied");
        Assert.Equal("20300101T0000Z-002 20300101T0000Z", Occurrences(backups));
        Assert.Equal("met", (await app.Api.GetAsync("api/plans/shop"))["rpo.verdict"]);

        await EndedAsync(app, "backup-shop_files_20300101T0000Z-002");
        await app.MoveAsync(TimeSpan.FromMinutes(2));
        await app.TickAsync();
        Assert.Equal(2, (await app.Api.GetAsync("api/plans/shop/backups")).List("backups").Count);
    }

    [Theory]
    [InlineData("container: backups }", true)]
    [InlineData("container: files }", false)]
    public async Task Rpo_ThePlanMovesARepositoryOrContainer_IsUnknownUntilItsOwnBackupIsCopied(string place, bool isRepository)
    {
        await using var app = await Deployment.StartAsync();
        await app.PrepareAsync(app.Plan);
        await (isRepository ? ARepository.MakeAsync(new BlobRepository(app.West.GetBlobContainerClient("moved"))) : app.UploadAsync("moved"));
        Assert.Equal("met", (await app.Api.GetAsync("api/plans/shop"))["rpo.verdict"]);

        await app.Api.ApplyAsync("shop", app.Plan.With(place, "container: moved }").Yaml);
        Assert.Equal(("unknown", null), (await VerdictAsync(app)));

        await app.MoveAsync(TimeSpan.FromMinutes(5));
        await app.TickAsync();
        await Eventually.SeeAsync(() => VerdictAsync(app), seen => seen.Verdict == "met", "met");
    }

    [Fact]
    public async Task Rpo_PointWithoutItsPlaces_IsUnknown()
    {
        await using var app = await Deployment.StartAsync();
        await app.Api.ApplyAsync("shop", app.Plan.Yaml);
        await app.Documents.TryCreateAsync("points/shop/files", """{"schema":1,"restorePoint":"2030-01-01T00:00:00Z"}"""u8.ToArray(), default);

        Assert.Equal(("unknown", null), (await VerdictAsync(app)));
    }

    private static async Task<(string Verdict, object? Point)> VerdictAsync(Deployment app)
    {
        var plan = await app.Api.GetAsync("api/plans/shop");
        return (plan["rpo.verdict"], plan.At("rpo.restorePoint")?.GetString());
    }

    [Fact]
    public async Task Tick_BackupThatCannotBegin_LeavesARecordWithTheReason()
    {
        await using var app = await Deployment.StartAsync();
        await app.UploadAsync();
        await app.Api.ApplyAsync("shop", app.Plan.Yaml);
        await app.Documents.TryCreateAsync("workloads/shop", "not a state"u8.ToArray(), default);

        await app.TickAsync();

        var backups = await Eventually.SeeAsync(
            async () =>
            {
                // The retries' pauses pass at once.
                await app.MoveAsync(TimeSpan.FromSeconds(10));
                return await app.Api.GetAsync("api/plans/shop/backups");
            },
            seen => seen["backups.0.state"] == "failed",
            "failed");
        Assert.Equal("BackupFailed", backups["backups.0.error.code"]);
        Assert.Contains("workloads/shop", backups["backups.0.error.message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tick_NobodyKnowsWhereUsersAre_RecordsWhyThereIsNoBackupAndKnowsNoRpo()
    {
        await using var app = await Deployment.StartAsync();
        await app.UploadAsync();
        await app.Api.ApplyAsync("shop", app.Plan.Yaml);
        await app.Host.Services.GetRequiredService<WorkloadStates>().MoveAsync(
            "shop", new WorkloadState(RegionRole.Secondary, 1, "shop-run-1") { Arriving = true }, default);

        await app.TickAsync();

        var backups = await Eventually.SeeAsync(
            () => app.Api.GetAsync("api/plans/shop/backups"), seen => seen["backups.0.state"] == "failed", "failed");
        Assert.Equal("WorkloadMoving", backups["backups.0.error.code"]);
        var plan = await app.Api.GetAsync("api/plans/shop");
        Assert.Equal(("unknown", "True"), (plan["rpo.verdict"], plan["arriving"]));
    }

    private static Task<OrchestrationMetadata?> EndedAsync(Deployment app, string instance) => Eventually.SeeAsync(
        async () => await app.Host.DurableClient.GetInstanceAsync(instance), seen => seen is { IsCompleted: true }, $"{instance} ended");

    private static async Task TakeLockAsync(Deployment app, string runId)
    {
        var request = new RunRequest(
            runId, "shop", "failover", RunMode.Unplanned, "v000001", CallerIdentity.System("the test"), "nobody schedules it", app.Time.GetUtcNow(), null);
        await app.Host.Services.GetRequiredService<WorkloadLocks>().TakeAsync(request, default);
    }

    private static string Occurrences(Answer backups) =>
        string.Join(' ', backups.List("backups").Select(each => each.GetProperty("occurrence").GetString()));
}
