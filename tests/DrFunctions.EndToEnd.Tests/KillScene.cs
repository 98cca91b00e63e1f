using DrFunctions.Cli;
using DrFunctions.Cli.Demo;
using DrFunctions.Cli.Runs;
using DrFunctions.Recovery.Runs;
using DrFunctions.Simulator.Requests;

namespace DrFunctions.EndToEnd.Tests;

/// <summary>A run that the app is killed in: what comes before it, the run, and what must hold afterwards.</summary>
/// <param name="name">What it is, for people.</param>
internal abstract class KillScene(string name)
{
    private long _before;

    /// <summary>A region is lost, and an alert starts the failover.</summary>
    public static KillScene Failover => new FailoverKillScene();

    /// <summary>The lost region is back, and a person starts the failback.</summary>
    public static KillScene Failback => new FailbackKillScene();

    public string Name { get; } = name;

    /// <summary>Until the run's own part begins; nobody is killed.</summary>
    public async Task PrepareAsync(Stage stage, CancellationToken cancellationToken)
    {
        await BeforeAsync(stage, cancellationToken);
        _before = stage.Environment.Simulator.ReadRequests(new RequestFilter()).Next;
    }

    /// <summary>The part in which the app may be killed: ends with the run.</summary>
    public abstract Task PlayAsync(Stage stage, CancellationToken cancellationToken);

    /// <summary>The run completed, its data is whole, its evidence intact, and Azure was asked for each effect once.</summary>
    public async Task CheckAsync(Stage stage, CancellationToken cancellationToken)
    {
        await AfterAsync(stage, cancellationToken);
        await stage.PlayAsync(cancellationToken, EvidenceStep.PlayAsync);
        var runs = (await stage.Scene.App.ListRunsAsync(stage.Scene.Workload, cancellationToken)).Runs;
        var run = runs[0];
        Assert.Equal((Epoch, Epoch), (run.Epoch, runs.Count));
        Assert.True(run.State == RunState.Completed, stage.Said);
        Assert.All(run.Steps, step => Assert.True(step.StartedAt <= step.EndedAt, $"{step.Name} ended before it began"));
        Assert.True(run.Attained.RtoSeconds >= 0, stage.Said);
        Assert.NotNull(run.Attained.RpoSeconds);
        Assert.Equal(Effects, Changes(stage));
    }

    /// <summary>The run's fencing number, and how many runs there are with it.</summary>
    protected abstract int Epoch { get; }

    /// <summary>What Resource Manager must have been asked to change, in order.</summary>
    protected abstract string[] Effects { get; }

    protected abstract Task BeforeAsync(Stage stage, CancellationToken cancellationToken);

    protected abstract Task AfterAsync(Stage stage, CancellationToken cancellationToken);

    // A request whose sender died unanswered may have had its effect or not: it counts where nobody repeated it.
    private List<string> Changes(Stage stage)
    {
        var requests = stage.Environment.Simulator
            .ReadRequests(new RequestFilter { Wire = "resource-manager", Path = "/providers/", After = _before }).Requests
            .Where(request => request.Method is not ("GET" or "HEAD") && request.Status is null or (>= 200 and < 300))
            .Select(request => (Change: $"{request.Method} {string.Join('/', request.Path.Split('/')[8..])}", request.Status))
            .ToList();
        return [.. requests.Where(one => one.Status is not null || !requests.Contains((one.Change, 200))).Select(one => one.Change)];
    }

    private sealed class FailoverKillScene() : KillScene("failover")
    {
        protected override int Epoch => 1;

        protected override string[] Effects =>
            ["POST shop-westeurope/stop", "POST shop-northeurope/start", "PUT shop"];

        public override Task PlayAsync(Stage stage, CancellationToken cancellationToken) => stage.PlayAsync(
            cancellationToken, BackupStep.PlayAsync, Stage.DarkenAsync, AlertStep.PlayAsync, FailoverStep.PlayAsync);

        protected override Task BeforeAsync(Stage stage, CancellationToken cancellationToken) =>
            stage.PlayAsync(cancellationToken, UploadStep.PlayAsync, PlanStep.PlayAsync);

        protected override Task AfterAsync(Stage stage, CancellationToken cancellationToken) =>
            stage.PlayAsync(cancellationToken, ComparisonStep.PlayAsync);
    }

    private sealed class FailbackKillScene() : KillScene("failback")
    {
        private const string Order = "order-1";
        private const string Written = "written after the failover";
        private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

        protected override int Epoch => 2;

        protected override string[] Effects =>
            ["POST shop-northeurope/stop", "POST shop-westeurope/start", "PUT shop"];

        protected override async Task BeforeAsync(Stage stage, CancellationToken cancellationToken)
        {
            var failover = new FailoverKillScene();
            await failover.PrepareAsync(stage, cancellationToken);
            await failover.PlayAsync(stage, cancellationToken);

            // Users write where they are, and the lost region comes back.
            await Files(stage, stage.Environment.Secondary).GetBlobClient(Order).UploadAsync(BinaryData.FromString(Written), cancellationToken);
            await stage.Environment.Primary.StartAsync(cancellationToken);
            await stage.Environment.Simulator.SetRegionDarkAsync(stage.Environment.Plan.Primary.Name, dark: false, cancellationToken);
        }

        public override async Task PlayAsync(Stage stage, CancellationToken cancellationToken)
        {
            var (scene, runId) = (stage.Scene, "");
            await scene.Polling.UntilAsync(
                "the failback to start",
                Patience,
                async token =>
                {
                    // An answer that was lost may have been to a start: then the run is there.
                    var runs = (await scene.App.ListRunsAsync(scene.Workload, token)).Runs;
                    runId = runs.FirstOrDefault(run => run.Runbook == "failback")?.RunId ?? await StartAsync(scene, token);
                    return runId;
                },
                started => started.Length > 0,
                cancellationToken);
            scene.Run = await new RunFollower(scene.App, scene.Output, scene.Time).FollowAsync(runId, Patience, cancellationToken);
            Assert.True(scene.Run.State == RunState.Completed, stage.Said);
        }

        protected override async Task AfterAsync(Stage stage, CancellationToken cancellationToken)
        {
            var home = Files(stage, stage.Environment.Primary);
            Assert.Equal(Written, (await home.GetBlobClient(Order).DownloadContentAsync(cancellationToken)).Value.Content.ToString());
            await home.GetBlobClient(Order).DeleteAsync(cancellationToken: cancellationToken);
            var compared = await DataComparison.CompareAsync(stage.Scene.Data, home, stage.Scene.Output, stage.Scene.Time, cancellationToken);
            Assert.Empty(compared.Differences);
            Assert.Equal(stage.Environment.Plan.Primary.Name, (await stage.Scene.App.ReadPlanAsync(stage.Scene.Workload, cancellationToken)).Active);
        }

        // The lock is held from the start on, and its run may not be listed yet.
        private static async Task<string> StartAsync(SceneContext scene, CancellationToken cancellationToken)
        {
            try
            {
                return (await scene.App.StartRunAsync(scene.Workload, "failback", new("planned", "westeurope is back"), cancellationToken)).RunId;
            }
            catch (CliException refused) when (refused.Code == "RunActive")
            {
                return "";
            }
        }

        private static Azure.Storage.Blobs.BlobContainerClient Files(Stage stage, Cli.LocalEnvironments.StorageEmulator account) =>
            account.Container(stage.Environment.Plan.Containers.First().Primary.Container);
    }
}
