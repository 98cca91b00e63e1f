using DrFunctions.App.Deployments;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Testing.Backups;

namespace DrFunctions.App.Runs;

public sealed class FailingStepTests
{
    private const string Absent = $"{ShopPlan.Group}/Microsoft.Web/sites/absent";

    [Fact]
    public async Task Fence_SiteMissing_FailsBeforeAnythingElseIsTouched()
    {
        await using var app = await Deployment.StartAsync();
        var run = await FailAsync(app, app.Plan.With($"webApp: {ShopPlan.West}", $"webApp: {Absent}"), prepares: true);

        Assert.Equal("failed cancelled cancelled cancelled cancelled", States(run));
        Assert.Equal(("FenceTargetMissing", $"The web app '{Absent}' does not exist, so nothing confirms that westeurope is fenced."), Error(run, 0));
        Assert.Empty(await Deployment.ReadAsync(app.North.GetBlobContainerClient("files")));
    }

    [Fact]
    public async Task Restore_NoRestorePoint_FailsWithUsersWhereTheyWere()
    {
        await using var app = await Deployment.StartAsync();
        var run = await FailAsync(app, app.Plan, prepares: false);

        Assert.Equal("completed failed cancelled cancelled cancelled", States(run));
        Assert.Equal(
            ("NoRestorePoint", $"The repository of northeurope holds no complete snapshot of 'files'; passed over 1: {app.North.Uri}/backups holds no repository."),
            Error(run, 1));
    }

    [Fact]
    public async Task Restore_SnapshotsThatCannotBeRead_AreNamedInTheFailure()
    {
        await using var app = await Deployment.StartAsync();
        var repository = app.North.GetBlobContainerClient("backups");
        await ARepository.MakeAsync(new BlobRepository(repository));
        await repository.UploadBlobAsync("snapshots/aaa", BinaryData.FromString("1"));
        var run = await FailAsync(app, app.Plan, prepares: false);

        Assert.Equal("NoRestorePoint", Error(run, 1).Code);
        Assert.StartsWith("The repository of northeurope holds no complete snapshot of 'files'; passed over 1: The snapshot 'aaa' cannot be read: the object 'snapshots/aaa' in http", Error(run, 1).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_ANewerSnapshotCannotBeRead_RestoresTheOneBeforeAndSaysSo()
    {
        await using var app = await Deployment.StartAsync();
        await app.PrepareAsync(app.Plan);
        await app.North.GetBlobContainerClient("backups").UploadBlobAsync("snapshots/aaa", BinaryData.FromString("1"));

        var run = await app.Api.EndedAsync(await app.Api.StartAsync());

        Assert.Equal("completed", run["state"]);
        Assert.Contains("restored and verified in northeurope; passed over 1: The snapshot 'aaa' cannot be read: the object 'snapshots/aaa' in http", run["steps.1.summary"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartWebApp_SiteMissing_Fails()
    {
        await using var app = await Deployment.StartAsync();
        var run = await FailAsync(app, app.Plan.With($"webApp: {ShopPlan.North}", $"webApp: {Absent}"), prepares: true);

        Assert.Equal("completed completed failed cancelled cancelled", States(run));
        Assert.Equal(("WebAppMissing", $"The web app '{Absent}' does not exist."), Error(run, 2));
    }

    [Fact]
    public async Task StartWebApp_HealthNeverGreen_TimesOutWithTheLastFinding()
    {
        await using var app = await Deployment.StartAsync();
        await app.Cloud.SetRegionDarkAsync("northeurope", true);
        var plan = app.Plan.With("startWebApp: { region: secondary }", "startWebApp: { region: secondary, timeout: 2s }");
        var run = await FailAsync(app, plan, prepares: true);

        Assert.Equal("completed completed failed cancelled cancelled", States(run));
        Assert.Equal("StepTimedOut", Error(run, 2).Code);
        Assert.Contains("not done after 00:00:02: HealthPending; ", Error(run, 2).Message, StringComparison.Ordinal);
        Assert.Contains("connection refused", Error(run, 2).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ShiftTraffic_EndpointMissing_FailsWithUsersWhereTheyWere()
    {
        await using var app = await Deployment.StartAsync();
        var run = await FailAsync(app, app.Plan.With("secondary: northeurope }", "secondary: southpole }"), prepares: true);

        Assert.Equal("completed completed completed failed cancelled", States(run));
        Assert.Contains("southpole", Error(run, 3).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_DamagedRestorePoint_FailsNamingTheFileAndLeavesTheSecondaryAsItWas()
    {
        await using var app = await Deployment.StartAsync();
        var target = app.North.GetBlobContainerClient("files");
        await target.CreateIfNotExistsAsync();
        await target.GetBlobClient("images/logo.bin").UploadAsync(BinaryData.FromString("of last year"));
        var before = await Deployment.ReadAsync(target);
        await app.PrepareAsync(app.Plan.EndingOnFailure());
        Assert.True(await DamageLargestAsync(app) > 0);

        var run = await app.Api.EndedAsync(await app.Api.StartAsync());

        await AssertFailedAsync(app, run);
        Assert.Equal("completed failed cancelled cancelled cancelled", States(run));
        Assert.Equal("DataDamaged", Error(run, 1).Code);
        Assert.Contains("images/logo.bin", Error(run, 1).Message, StringComparison.Ordinal);
        Assert.Equal(before["images/logo.bin"], (await Deployment.ReadAsync(target))["images/logo.bin"]);
    }

    [Fact]
    public async Task Run_FailedAndMended_IsStartedAgainAndCompletes()
    {
        await using var app = await Deployment.StartAsync();
        var run = await FailAsync(app, app.Plan, prepares: false);
        await app.UploadAsync();
        await app.TickAsync();
        await app.Api.BackupsAsync("shop", seen => seen["backups.0.state"] == "copied", "copied");

        var again = await app.Api.EndedAsync(await app.Api.StartAsync());

        Assert.Equal(("completed", "2"), (again["state"], again["epoch"]));
        Assert.Equal("failed", (await app.Api.GetAsync($"api/runs/{run["runId"]}"))["state"]);
    }

    private static async Task<Answer> FailAsync(Deployment app, ShopPlan plan, bool prepares)
    {
        if (prepares)
        {
            await app.PrepareAsync(plan.EndingOnFailure());
        }
        else
        {
            await app.Api.ApplyAsync(ShopPlan.Workload, plan.EndingOnFailure().Yaml);
        }

        var run = await app.Api.EndedAsync(await app.Api.StartAsync());
        await AssertFailedAsync(app, run);
        return run;
    }

    /// <summary>What holds however a run fails.</summary>
    private static async Task AssertFailedAsync(Deployment app, Answer run)
    {
        Assert.Equal(("failed", "unknown"), (run["state"], run["attained.rto"]));
        var error = run.List("steps").Single(step => step.TryGetProperty("error", out _)).GetProperty("error");
        var hint = error.GetProperty("hint").GetString()!;
        Assert.NotEmpty(hint);
        var plan = await app.Api.GetAsync("api/plans/shop");
        Assert.Equal(("released", "westeurope"), (plan["lock.state"], plan["active"]));
        var report = await app.Api.GetAsync($"api/runs/{run["runId"]}/report");
        Assert.Contains("# failover of shop: failed", report.Text, StringComparison.Ordinal);
        Assert.Contains($" | {hint} |\n", report.Text, StringComparison.Ordinal);
        Assert.Contains("Intact: ", report.Text, StringComparison.Ordinal);
    }

    /// <summary>Flips a bit of the largest blob of the secondary's repository: the data of the one large file.</summary>
    private static async Task<long> DamageLargestAsync(Deployment app)
    {
        var repository = app.North.GetBlobContainerClient("backups");
        var (name, content) = (await Deployment.ReadAsync(repository)).MaxBy(blob => blob.Value.Length);
        content[content.Length / 2] ^= 0x10;
        await repository.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(content), overwrite: true);
        return content.Length;
    }

    private static string States(Answer run) => string.Join(' ', run.List("steps").Select(step => step.GetProperty("state")));

    private static (string Code, string Message) Error(Answer run, int step) =>
        (run[$"steps.{step}.error.code"], run[$"steps.{step}.error.message"]);
}
