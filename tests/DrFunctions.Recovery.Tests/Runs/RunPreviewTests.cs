using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Runs;

public sealed class RunPreviewTests
{
    [Fact]
    public async Task Preview_ShowsEveryStepAndWritesNothing()
    {
        var scene = new RecoveryScene();
        scene.Restore.Snapshots.Clear();
        var writes = new List<string>();
        scene.Interception.Around = (call, _) =>
        {
            writes.AddRange(call.StartsWith("Read", StringComparison.Ordinal) || call.StartsWith("Find", StringComparison.Ordinal) ? [] : [call]);
            return Task.CompletedTask;
        };

        var preview = await scene.Preview.OfAsync(scene.Plan, scene.Request(), default);

        Assert.Empty(writes);
        Assert.Empty(scene.Effects);
        Assert.Equal("would start", preview!.Start);
        Assert.Equal(["fence", "restore", "startWebApp", "shiftTraffic", "prove"], preview.Steps.Select(step => step.Kind));
        Assert.Equal([null, "NoRestorePoint", null, null, null], preview.Steps.Select(step => step.Precheck.Code));
        Assert.Equal(
            [StepEffect.Reversible, StepEffect.Irreversible, StepEffect.Reversible, StepEffect.Reversible, StepEffect.ReadOnly],
            preview.Steps.Select(step => step.Effect));
        Assert.All(preview.Steps, step => Assert.False(step.ChecksOnly));
        Assert.True(preview.EstimateSeconds > 0);
    }

    [Fact]
    public async Task Preview_OfADrill_ShowsWhatIsOnlyChecked()
    {
        var scene = new RecoveryScene();

        var preview = await scene.Preview.OfAsync(scene.Plan, scene.Request(mode: RunMode.Drill), default);

        Assert.Equal([true, true, false, true, true], preview!.Steps.Select(step => step.ChecksOnly));
    }

    [Theory]
    [InlineData(RunMode.Drill, "would pre-empt the run 'shop-run-1'")]
    [InlineData(RunMode.Unplanned, "would be refused: the run 'shop-run-1' is active")]
    public async Task Preview_WhileARunIsActive_SaysWhatWouldBecomeOfTheStart(RunMode held, string start)
    {
        var scene = new RecoveryScene();
        await scene.Starts.StartAsync(scene.Request(mode: held), default);

        Assert.Equal(start, (await scene.Preview.OfAsync(scene.Plan, scene.Request("shop-run-2"), default))?.Start);
    }

    [Fact]
    public async Task Preview_TheTargetCarriesTheWorkload_SaysSo()
    {
        var scene = new RecoveryScene();
        await scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, 1, "shop-run-0"), default);

        var preview = await scene.Preview.OfAsync(scene.Plan, scene.Request(), default);

        Assert.Equal("would be refused: 'northeurope' carries 'shop' already", preview!.Start);
        Assert.Null(await scene.Preview.OfAsync(scene.Plan, scene.Request(runbook: "absent"), default));
    }

    [Fact]
    public async Task Commands_OfAPausedRun_CommentOutWhatIsDone()
    {
        var scene = new RecoveryScene();
        scene.Restore.Snapshots.Clear();
        var text = "";
        var driver = new RunDriver(scene)
        {
            WhenPaused = run =>
            {
                text = ManualSteps.Of(scene.Plan, scene.Plan.Runbooks["failover"], run);
                return Task.CompletedTask;
            },
        };

        await driver.StartAsync(scene.Request());

        var lines = text.Split('\n');
        Assert.Equal("# failover of shop, run shop-run-1 (paused)", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("# az webapp stop ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("#    failed: NoRestorePoint: ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("az webapp start ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("az webapp stop ", StringComparison.Ordinal));
    }
}
