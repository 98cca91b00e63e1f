using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Runs;

public sealed class DrillTests
{
    private static readonly string[] s_failover =
        ["stop shop-westeurope", "restore files to files-0001", "start shop-northeurope", "shift to northeurope"];

    [Fact]
    public async Task Drill_ChecksWhatUsersUse_DoesTheRestAndUndoesIt()
    {
        var scene = new RecoveryScene();

        var run = await new RunDriver(scene).StartAsync(scene.Request(mode: RunMode.Drill));

        Assert.Equal(RunState.Completed, run.State);
        Assert.Equal(["start shop-northeurope", "stop shop-northeurope"], scene.Effects);
        Assert.Equal(
            [StepState.Checked, StepState.Checked, StepState.Undone, StepState.Checked, StepState.Checked], run.Steps.Select(step => step.State));
        Assert.Equal((ObjectiveVerdict.Unknown, ObjectiveVerdict.Unknown), (run.Attained.Rto, run.Attained.Rpo));
        Assert.Equal(WorkloadState.AtHome, await scene.States.ReadAsync("shop", default));
    }

    [Fact]
    public async Task Drill_APrecheckFails_Pauses()
    {
        var scene = new RecoveryScene();
        scene.Restore.Snapshots.Clear();
        RunPause? pause = null;
        var driver = new RunDriver(scene)
        {
            WhenPaused = run =>
            {
                pause = run.Pause;
                return Task.CompletedTask;
            },
        };

        var run = await driver.StartAsync(scene.Request(mode: RunMode.Drill));

        Assert.Equal((RunState.Failed, "NoRestorePoint", 1), (run.State, pause?.Code, pause?.Step));
        Assert.Empty(scene.Effects);
    }

    [Fact]
    public async Task Preempt_ADrillUnderWay_IsUndoneThenTheUnplannedRunFailsOver()
    {
        var calls = await Kills.AtEveryCallAsync(
            () => DrilledAsync(RunMode.Drill).GetAwaiter().GetResult(),
            async scene =>
            {
                Assert.IsType<RunStart.Started>(await scene.Starts.StartAsync(scene.Request("shop-run-2"), default));
                await new RunDriver(scene).TickAsync();
            },
            async (scene, where) =>
            {
                var (drill, run) = (await new RunDriver(scene).ViewAsync("shop-run-1"), await new RunDriver(scene).ViewAsync("shop-run-2"));
                Assert.True((drill.State, run.State) == (RunState.Preempted, RunState.Completed), $"{where}: {drill.State} {drill.Kept}, {run.State} {run.EndReason}");
                Assert.Equal(["start shop-northeurope", "stop shop-northeurope", .. s_failover], scene.Effects);
                Assert.Equal((StopKind.Preempt, "shop-run-2"), (drill.Stop!.Kind, drill.Stop.By));
                Assert.Equal("shop-run-1", (await scene.Journal.ReadAsync("shop-run-2", default))[0].Fact("preempts"));
                Assert.Equal((1, 2), (drill.Epoch, run.Epoch));
                Assert.Equal(new WorkloadState(RegionRole.Secondary, 2, "shop-run-2"), await scene.States.ReadAsync("shop", default));
                Assert.Equal((LockState.Released, "shop-run-2"), (await scene.Locks.ReadAsync("shop", default)) is { } held ? (held.State, held.Run.RunId) : default);
            });

        Assert.InRange(calls, 80, 600);
    }

    [Fact]
    public async Task Preempt_APlannedRunThatGoesTheSameWay_IsLeftAsItIs()
    {
        var scene = await DrilledAsync(RunMode.Planned);

        await new RunDriver(scene).StartAsync(scene.Request("shop-run-2"));

        var planned = await new RunDriver(scene).ViewAsync("shop-run-1");
        Assert.Equal(RunState.Preempted, planned.State);
        Assert.Contains("fence (left to the run that took over)", planned.Kept, StringComparison.Ordinal);
        Assert.Equal(s_failover, scene.Effects);
    }

    [Theory]
    [InlineData(RunMode.Unplanned, RunMode.Unplanned, false)]
    [InlineData(RunMode.Unplanned, RunMode.Planned, false)]
    [InlineData(RunMode.Planned, RunMode.Planned, false)]
    [InlineData(RunMode.Planned, RunMode.Drill, false)]
    [InlineData(RunMode.Drill, RunMode.Planned, false)]
    [InlineData(RunMode.Drill, RunMode.Unplanned, true)]
    [InlineData(RunMode.Planned, RunMode.Unplanned, true)]
    public async Task Start_WhileARunOfAnotherModeHoldsTheLock_OnlyUnplannedTakesIt(RunMode held, RunMode wanted, bool takes)
    {
        var scene = new RecoveryScene();
        await scene.Starts.StartAsync(scene.Request(mode: held), default);

        var start = await scene.Starts.StartAsync(scene.Request("shop-run-2", mode: wanted), default);

        Assert.Equal(takes ? typeof(RunStart.Started) : typeof(RunStart.RunActive), start.GetType());
        Assert.Equal(takes ? 2 : 1, (await scene.Locks.ReadAsync("shop", default))!.Epoch);
    }

    [Fact]
    public async Task Preempt_TheDrillGoesOnMeanwhile_NeverTwoActAndEachEffectIsOnce()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var scene = new RecoveryScene();
            await scene.Starts.StartAsync(scene.Request(mode: RunMode.Drill), default);
            var interleaving = new Interleaving(random);
            scene.Interception.Around = interleaving.PauseAsync;

            await interleaving.RunAsync(
                () => new RunDriver(scene, scene.AnotherProcess()).DriveAsync(scene.Request(mode: RunMode.Drill)),
                async () =>
                {
                    for (var read = random.Next(60); read > 0; read--)
                    {
                        await scene.Documents.ReadAsync("nothing", default);
                    }

                    await scene.Starts.StartAsync(scene.Request("shop-run-2"), default);
                    await new RunDriver(scene, scene.AnotherProcess()).DriveAsync(scene.Request("shop-run-2"));
                });

            scene.Interception.Around = (_, _) => Task.CompletedTask;
            var run = await new RunDriver(scene).ViewAsync("shop-run-2");
            var drill = await scene.Journal.ReadStoredAsync("shop-run-1", default);
            Assert.True(run.State == RunState.Completed, $"seed {seed}: {run.State}");
            Assert.True(drill is [] or [.., { Kind: JournalKind.RunEnded }], $"seed {seed}: the drill's journal ends with {drill[^1].Kind}");
            Assert.Equal("Running", scene.WebApps.States[scene.Plan.Secondary.WebApp]);
            Assert.Equal("northeurope", scene.Traffic.Served?.Name);
            Assert.True(
                scene.Effects.Count(effect => effect == "start shop-northeurope") - scene.Effects.Count(effect => effect == "stop shop-northeurope") == 1
                    && s_failover.Where(effect => !effect.StartsWith("start", StringComparison.Ordinal)).All(effect => scene.Effects.Count(one => one == effect) == 1),
                $"seed {seed}: {string.Join(", ", scene.Effects)}");
        }
    }

    // A run whose process died before its fourth step.
    private static async Task<RecoveryScene> DrilledAsync(RunMode mode)
    {
        var scene = new RecoveryScene();
        var driver = new RunDriver(scene) { BeforeAttempt = step => step == 3 ? throw new KilledException("before the shift") : Task.CompletedTask };
        await Assert.ThrowsAsync<KilledException>(() => driver.StartAsync(scene.Request(mode: mode)));
        scene.Restart();
        return scene;
    }
}
