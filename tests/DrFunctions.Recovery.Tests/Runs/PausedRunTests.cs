using DrFunctions.Recovery.Evidence;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Runs;

public sealed class PausedRunTests
{
    private static readonly string[] s_failover =
        ["stop shop-westeurope", "restore files to files-0001", "start shop-northeurope", "shift to northeurope"];

    [Fact]
    public async Task Pause_NobodyDecides_KeepsTheLockUntilTheLimitAndEndsAsFailed()
    {
        var scene = WithoutStandby();
        LockState? whilePaused = null;
        RunView? seen = null;
        var driver = new RunDriver(scene)
        {
            WhenPaused = async run =>
            {
                whilePaused = (await scene.Locks.ReadAsync("shop", default))?.State;
                seen = RunViews.Of(await scene.Journal.ReadAsync(run.RunId, default));
            },
        };

        var run = await driver.StartAsync(scene.Request());

        Assert.Equal((LockState.Held, RunState.Paused), (whilePaused, seen!.State));
        Assert.Equal(("WebAppMissing", "startWebApp"), (seen.Pause!.Code, seen.Pause.Step));
        Assert.Equal(["retry", "skip", "undo", "cancel"], seen.Pause.Decisions);
        Assert.Equal(RunState.Failed, run.State);
        Assert.StartsWith("nobody decided until 2026-03-02 03:00:", run.EndReason, StringComparison.Ordinal);
        Assert.Equal(s_failover[..2], scene.Effects);
        await AssertSealedAsync(scene, run.RunId);
    }

    [Fact]
    public async Task Retry_WithALongerTimeout_WaitsLonger()
    {
        var scene = new RecoveryScene { Probe = { Status = 500 } };
        var driver = new RunDriver(scene)
        {
            WhenPaused = _ => AcceptAsync(scene, new RunCommand(CommandKind.Retry, "startWebApp", "ada", "it is slow")
            {
                Parameters = new Dictionary<string, string> { ["timeout"] = "7200" },
            }),
        };
        var began = scene.Clock.GetUtcNow();
        driver.BeforeAttempt = step =>
        {
            scene.Probe.Status = scene.Clock.GetUtcNow() - began > TimeSpan.FromMinutes(90) ? null : 500;
            return Task.CompletedTask;
        };

        var run = await driver.StartAsync(scene.Request());

        Assert.Equal(RunState.Completed, run.State);
        Assert.Equal(s_failover, scene.Effects);
        Assert.True(run.Steps[2].EndedAt - run.Steps[2].StartedAt > TimeSpan.FromMinutes(75));
    }

    [Fact]
    public async Task Retry_WithAnotherSnapshot_RestoresThatOne()
    {
        var scene = new RecoveryScene();
        scene.Restore.Snapshots["files"].Insert(0, new("files-0000", MovableClock.Start - TimeSpan.FromMinutes(6)));
        scene.Interception.Around = (call, _) => call == "Restore files" && scene.Effects.Count == 1
            ? throw new RecoveryException("SnapshotDamaged", "a chunk is not what its key says", isTransient: false, "Restore another one.")
            : Task.CompletedTask;
        var pauses = 0;
        var driver = new RunDriver(scene)
        {
            WhenPaused = run =>
            {
                scene.Interception.Around = (_, _) => Task.CompletedTask;
                Assert.Equal(pauses++ == 0 ? "SnapshotDamaged" : "NoRestorePoint", run.Pause!.Code);
                return AcceptAsync(scene, new RunCommand(CommandKind.Retry, "restore", "ada", "the newest is damaged")
                {
                    Parameters = new Dictionary<string, string> { ["snapshot"] = pauses == 1 ? "files-9999" : "files-0000" },
                });
            },
        };

        var run = await driver.StartAsync(scene.Request());

        Assert.Equal((RunState.Completed, 2), (run.State, pauses));
        Assert.Equal(["stop shop-westeurope", "restore files to files-0000", "start shop-northeurope", "shift to northeurope"], scene.Effects);
        Assert.Equal(MovableClock.Start - TimeSpan.FromMinutes(6), run.Attained.RestorePoint);
    }

    [Theory]
    [InlineData(CommandKind.Retry, "startWebApp")]
    [InlineData(CommandKind.Skip, "startWebApp")]
    [InlineData(CommandKind.Undo, null)]
    [InlineData(CommandKind.Cancel, null)]
    public async Task Command_SaidAgainAfterItHadItsEffect_IsAnsweredWithWhatWasRecorded(CommandKind kind, string? step)
    {
        var scene = WithoutStandby();
        var (commanded, command) = (false, new RunCommand(kind, step, "ada (Entra ID)", "because") { ObjectId = "ada's" });
        var driver = new RunDriver(scene)
        {
            WhenPaused = async run =>
            {
                scene.WebApps.States[scene.Plan.Secondary.WebApp] = "Stopped";
                var next = commanded ? new RunCommand(CommandKind.Cancel, null, "bob", "enough") : command;
                if (commanded)
                {
                    Assert.IsType<CommandVerdict.Repeated>(await scene.Execution.CommandAsync(run.RunId, command, default));
                }

                commanded = true;
                await AcceptAsync(scene, next);
                var entries = await scene.Journal.ReadAsync(run.RunId, default);
                var again = Assert.IsType<CommandVerdict.Repeated>(await scene.Execution.CommandAsync(run.RunId, next, default));
                Assert.Equal(entries[^1].Hash, again.Recorded.Hash);
                Assert.Equal(entries.Count, (await scene.Journal.ReadAsync(run.RunId, default)).Count);
                Assert.IsType<CommandVerdict.Refused>(await scene.Execution.CommandAsync(run.RunId, next with { By = "eve", ObjectId = null }, default));
                Assert.IsType<CommandVerdict.Refused>(await scene.Execution.CommandAsync(run.RunId, next with { Reason = "another" }, default));
            },
        };

        var run = await driver.StartAsync(scene.Request());

        var recorded = (await scene.Journal.ReadAsync(run.RunId, default)).First(entry => entry.Fact("by") == "ada (Entra ID)");
        Assert.Equal("ada's", recorded.Fact("byObjectId"));
        if (kind is CommandKind.Retry or CommandKind.Cancel)
        {
            Assert.IsType<CommandVerdict.Repeated>(await scene.Execution.CommandAsync(run.RunId, command with { By = "ada.lovelace (Entra ID)" }, default));
        }
    }

    [Fact]
    public async Task Command_UponAPauseThatIsOver_IsRefusedAndRepeatsNothing()
    {
        var scene = WithoutStandby();
        var pauses = new List<int>();
        var driver = new RunDriver(scene)
        {
            WhenPaused = async run =>
            {
                pauses.Add(run.Pause!.Occasion);
                var retry = new RunCommand(CommandKind.Retry, "startWebApp", "ada", "again") { Occasion = pauses[0] };
                if (pauses.Count == 1)
                {
                    await AcceptAsync(scene, retry);
                    return;
                }

                // The answer to the first was lost, and the step has failed anew meanwhile.
                Assert.IsType<CommandVerdict.Repeated>(await scene.Execution.CommandAsync(run.RunId, retry, default));
                var late = Assert.IsType<CommandVerdict.Refused>(
                    await scene.Execution.CommandAsync(run.RunId, retry with { Kind = CommandKind.Skip, Occasion = pauses[0] }, default));
                Assert.Equal("OccasionOver", late.Code);
                await AcceptAsync(scene, new RunCommand(CommandKind.Cancel, null, "ada", "enough"));
            },
        };

        var run = await driver.StartAsync(scene.Request());

        Assert.Equal((RunState.Cancelled, 2), (run.State, pauses.Count));
        Assert.Single(await scene.Journal.ReadAsync(run.RunId, default), entry => entry.Kind == JournalKind.StepRetried);
    }

    [Fact]
    public async Task Retry_WithFieldsThatTheStepCannotHave_IsRefusedAndRecordsNothing()
    {
        var scene = WithoutStandby();
        var driver = new RunDriver(scene)
        {
            WhenPaused = async run =>
            {
                var refusal = await Assert.ThrowsAsync<RecoveryException>(() => scene.Execution.CommandAsync(run.RunId, new RunCommand(CommandKind.Retry, "startWebApp", "ada", "why")
                {
                    Parameters = new Dictionary<string, string> { ["colour"] = "red" },
                }, default));
                Assert.Equal("StepFieldsInvalid", refusal.Code);
                Assert.Equal(run.Pause, (RunProgress.Of(await scene.Journal.ReadAsync(run.RunId, default))).Pause);
            },
        };

        Assert.Equal(RunState.Failed, (await driver.StartAsync(scene.Request())).State);
    }

    [Fact]
    public async Task Skip_OfAFence_IsRecordedAsAnOverrideAndTheAttainedValuesStayUnknown()
    {
        var scene = new RecoveryScene();
        scene.WebApps.States.Remove(scene.Plan.Primary.WebApp);
        var driver = new RunDriver(scene)
        {
            WhenPaused = _ => AcceptAsync(scene, new RunCommand(CommandKind.Skip, "fence", "ada", "the region is under water") { Overrides = RunCommands.FenceRule }),
        };

        var run = await driver.StartAsync(scene.Request());

        Assert.Equal((RunState.Completed, StepState.Skipped), (run.State, run.Steps[0].State));
        Assert.Equal("skipped by ada: the region is under water", run.Steps[0].Summary);
        Assert.Equal((ObjectiveVerdict.Unknown, ObjectiveVerdict.Unknown), (run.Attained.Rpo, run.Attained.Rto));
        Assert.Equal(s_failover[1..], scene.Effects);
        Assert.Equal("fence", (await scene.Journal.ReadAsync(run.RunId, default)).Single(entry => entry.Kind == JournalKind.StepSkipped).Fact("overrides"));
    }

    [Fact]
    public async Task Undo_ThenRetry_GoesBackAndForwardAgain()
    {
        var scene = WithoutStandby();
        var pauses = 0;
        var driver = new RunDriver(scene);
        driver.WhenPaused = async run =>
        {
            pauses++;
            if (pauses == 1)
            {
                await AcceptAsync(scene, new RunCommand(CommandKind.Undo, null, "ada", "look first"));
                return;
            }

            Assert.Equal(("Undone", 0), (run.Pause!.Code, run.Pause.Step));
            Assert.Equal("Running", scene.WebApps.States[scene.Plan.Primary.WebApp]);
            scene.WebApps.States[scene.Plan.Secondary.WebApp] = "Stopped";
            await AcceptAsync(scene, new RunCommand(CommandKind.Retry, "fence", "ada", "the standby is there"));
        };

        var run = await driver.StartAsync(scene.Request());

        Assert.Equal((RunState.Completed, 2), (run.State, pauses));
        Assert.Equal([.. s_failover[..2], "start shop-westeurope", s_failover[0], .. s_failover[2..]], scene.Effects);
        Assert.All(run.Steps, step => Assert.Equal(StepState.Completed, step.State));
    }

    [Fact]
    public async Task PauseAndRetry_KilledAtAnyCall_CompletesWithEveryEffectOnce()
    {
        var calls = await Kills.AtEveryCallAsync(
            WithoutStandby,
            scene => PlayAsync(scene, async run =>
            {
                scene.WebApps.States.TryAdd(scene.Plan.Secondary.WebApp, "Stopped");
                await scene.Execution.CommandAsync(run.RunId, new RunCommand(CommandKind.Retry, "startWebApp", "ada", "it is there"), default);
            }),
            async (scene, where) =>
            {
                var run = await new RunDriver(scene).ViewAsync("shop-run-1");
                Assert.True(run.State == RunState.Completed, $"{where}: {run.State} {run.EndReason}");
                Assert.Equal(s_failover, scene.Effects);
                Assert.Single(await scene.Journal.ReadAsync(run.RunId, default), entry => entry.Kind == JournalKind.StepRetried);
                await AssertSealedAsync(scene, run.RunId);
            });

        Assert.InRange(calls, 80, 600);
    }

    [Fact]
    public async Task CancelOfAPausedRun_KilledAtAnyCall_UndoesEachEffectOnce()
    {
        var calls = await Kills.AtEveryCallAsync(
            () => new RecoveryScene { Probe = { Cached = (RegionRole.Primary, int.MaxValue) } },
            scene => PlayAsync(scene, run => scene.Execution.CommandAsync(run.RunId, new RunCommand(CommandKind.Cancel, null, "ada", "enough"), default), isSlow: true),
            async (scene, where) =>
            {
                var run = await new RunDriver(scene).ViewAsync("shop-run-1");
                Assert.True(run.State == RunState.Cancelled, $"{where}: {run.State} {run.EndReason}");
                Assert.Equal([.. s_failover, "shift to westeurope", "stop shop-northeurope", "start shop-westeurope"], scene.Effects);
                Assert.Equal("restore (cannot be undone)", run.Kept);
                Assert.Equal((RegionRole.Primary, false), (await scene.States.ReadAsync("shop", default)) is var state ? (state.Active, state.Arriving) : default);
                await AssertSealedAsync(scene, run.RunId);
            });

        Assert.InRange(calls, 80, 900);
    }

    private static RecoveryScene WithoutStandby()
    {
        var scene = new RecoveryScene();
        scene.WebApps.States.Remove(scene.Plan.Secondary.WebApp);
        return scene;
    }

    private static async Task PlayAsync(RecoveryScene scene, Func<RunProgress, Task> decide, bool isSlow = false)
    {
        // Whoever asked for the run asks again; the tick finds its lock.
        await scene.Starts.StartAsync(scene.Request(), default);
        var driver = new RunDriver(scene) { WhenPaused = decide };
        if (isSlow)
        {
            driver.BeforeAttempt = step =>
            {
                scene.Clock.Advance(TimeSpan.FromSeconds(step == 4 ? 100 : 0));
                return Task.CompletedTask;
            };
        }

        await driver.TickAsync();
    }

    private static async Task AcceptAsync(RecoveryScene scene, RunCommand command) =>
        Assert.IsType<CommandVerdict.Accepted>(await scene.Execution.CommandAsync("shop-run-1", command, default));

    private static async Task AssertSealedAsync(RecoveryScene scene, string runId)
    {
        var check = EvidenceChain.Verify(await scene.Journal.ReadStoredAsync(runId, default));
        Assert.True(check.IsIntact, check.Detail);
        var held = await scene.Locks.ReadAsync("shop", default);
        Assert.Equal((LockState.Released, runId), (held!.State, held.Run.RunId));
    }
}
