using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Evidence;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Runs;

public sealed class RunExecutionTests
{
    private static readonly string[] s_failover =
        ["stop shop-westeurope", "restore files to files-0001", "start shop-northeurope", "shift to northeurope"];

    [Fact]
    public async Task Run_AllIsWell_FailsOverOnceAndProvesIt()
    {
        var scene = new RecoveryScene();

        var run = await new RunDriver(scene).StartAsync(scene.Request());

        await AssertFailedOverAsync(scene, run);
        Assert.Equal(["fence", "restore", "startWebApp", "shiftTraffic", "prove"], run.Steps.Select(step => step.Kind));
        Assert.All(run.Steps, step => Assert.True(step.StartedAt < step.EndedAt));
        Assert.Equal(ObjectiveVerdict.Met, run.Attained.Rto);
        Assert.Equal(ObjectiveVerdict.Met, run.Attained.Rpo);
        Assert.Equal(MovableClock.Start - TimeSpan.FromMinutes(1), run.Attained.RestorePoint);
        Assert.Equal((run.Steps[0].EndedAt - run.Attained.RestorePoint)!.Value.TotalSeconds, run.Attained.RpoSeconds);
        Assert.Equal((run.Steps[4].EndedAt - MovableClock.Start)!.Value.TotalSeconds, run.Attained.RtoSeconds);
    }

    [Fact]
    public async Task Run_AllIsWell_AsksResourceManagerOnceBeforeAnEffectAndOnceAfterIt()
    {
        var scene = new RecoveryScene();
        var reads = new List<string>();
        scene.Interception.Around = (call, moment) =>
        {
            if (moment == Moment.Before && call.StartsWith("ReadState", StringComparison.Ordinal))
            {
                reads.Add(call);
            }

            return Task.CompletedTask;
        };

        await new RunDriver(scene).StartAsync(scene.Request());

        Assert.Equal(["ReadState shop-westeurope", "ReadState shop-westeurope", "ReadState shop-northeurope"], reads);
    }

    [Fact]
    public async Task Run_AllIsWell_AsksTheStoreOnlyWhatItDoesNotKnow()
    {
        var scene = new RecoveryScene();
        var calls = new List<string>();
        scene.Interception.Around = (call, moment) =>
        {
            if (moment == Moment.Before)
            {
                calls.Add(call);
            }

            return Task.CompletedTask;
        };

        var run = await new RunDriver(scene).StartAsync(scene.Request());

        var entries = (await scene.Journal.ReadAsync(run.RunId, default)).Count;
        Assert.Equal(entries, calls.Count(call => call.StartsWith($"TryCreate runs/{run.RunId}/journal/", StringComparison.Ordinal)));
        calls.RemoveRange(calls.LastIndexOf("TryReplace locks/shop"), calls.Count - calls.LastIndexOf("TryReplace locks/shop")); // what the test reads

        // Of the journal: the turns before five steps, four effects, and the proof. Of the lock: twice at the start, when it begins, and when it is released; six turns, five attempts, four effects.
        Assert.Equal(
            (10, 19),
            (calls.Count(call => call.StartsWith($"Read runs/{run.RunId}/journal/", StringComparison.Ordinal)), calls.Count(call => call == "Read locks/shop")));
    }

    [Fact]
    public async Task Run_ThePrimaryIsFencedAlready_TakesTheConfirmation()
    {
        var scene = new RecoveryScene { WebApps = { ReadsBehind = 3 } };
        scene.WebApps.States[scene.Plan.Primary.WebApp] = "stopped";

        var run = await new RunDriver(scene).StartAsync(scene.Request());

        Assert.Equal(RunState.Completed, run.State);
        Assert.Equal(s_failover[1..], scene.Effects);
    }

    [Fact]
    public async Task Run_TheStopIsSeenLate_WaitsForResourceManagersWord()
    {
        var scene = new RecoveryScene { WebApps = { ReadsBehind = 5 } };

        var run = await new RunDriver(scene).StartAsync(scene.Request());

        Assert.Equal(RunState.Completed, run.State);
        Assert.Equal(s_failover, scene.Effects);
        Assert.True(run.Steps[0].EndedAt - run.Steps[0].StartedAt > TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Run_ResolversStillHaveTheOldAnswer_WaitsForTheNewOne()
    {
        var scene = new RecoveryScene { Probe = { Cached = (RegionRole.Primary, 7) } };

        var run = await new RunDriver(scene).StartAsync(scene.Request());

        Assert.Equal(RunState.Completed, run.State);
        Assert.True(run.Steps[4].EndedAt - run.Steps[4].StartedAt > TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task Restore_ProcessWakesUpAfterAnotherEndedTheStep_WritesNothing()
    {
        var scene = new RecoveryScene();
        var asleep = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var awake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        scene.Restore.Pause = () =>
        {
            asleep.TrySetResult();
            return awake.Task;
        };
        Task? sleeper = null;
        var driver = new RunDriver(scene)
        {
            BeforeAttempt = async index =>
            {
                if (index == 1 && sleeper is null)
                {
                    // The first process begins the restore and is paused; this one, after the lease, does it too.
                    sleeper = scene.Execution.AttemptAsync(scene.Plan.Workload, "shop-run-1", 1, default);
                    await asleep.Task;
                    scene.Restore.Pause = () => Task.CompletedTask;
                }
            },
        };
        var run = await driver.StartAsync(scene.Request());
        await AssertFailedOverAsync(scene, run);
        scene.Restore.Contents["files"] = "what users wrote since";

        awake.SetResult();
        await sleeper!; // Begun by the driver, as the run above shows.

        Assert.Equal("what users wrote since", scene.Restore.Contents["files"]);
        Assert.Equal(s_failover, scene.Effects);
        Assert.Equal(run, await driver.ViewAsync(run.RunId), (left, right) => left?.State == right?.State && left?.EndedAt == right?.EndedAt);
    }

    public static TheoryData<string, int, string, string> Failures => new()
    {
        { "primary missing", 0, "FenceTargetMissing", "does not exist, so nothing confirms that westeurope is fenced" },
        { "fence refused", 0, "AuthorizationFailed", "not allowed" },
        { "no snapshot", 1, "NoRestorePoint", "The repository of northeurope holds no complete snapshot of 'files'." },
        { "secondary active", 1, "TargetIsActive", "northeurope carries 'shop': restoring 'files' would overwrite" },
        { "secondary missing", 2, "WebAppMissing", "sites/shop-northeurope' does not exist." },
        { "secondary ill", 2, "StepTimedOut", "HealthPending; http://shop-northeurope.azurewebsites.net/health answered 500 in 12 ms, expected 200" },
        { "profile geographic", 3, "RoutingMethodUnsupported", "routes by 'Geographic', expected 'Priority' or 'Weighted'" },
        { "endpoint missing", 3, "EndpointMissing", "has no endpoint 'northeurope'; it has 'westeurope', 'other'." },
        { "dns stuck", 4, "StepTimedOut", "DnsPending; shop.trafficmanager.net leads to 'shop-westeurope.azurewebsites.net' and 'stamp.azurewebsites.windows.net' at the resolver resolver, expected 'shop-northeurope.azurewebsites.net'" },
        { "runner broken", 0, "StepCrashed", "it broke" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Run_AStepFails_StopsThereSaysWhyAndReleasesTheLock(string fault, int step, string code, string message)
    {
        var scene = new RecoveryScene();
        Break(scene, fault);

        var run = await new RunDriver(scene).StartAsync(scene.Request());

        Assert.Equal(RunState.Failed, run.State);
        Assert.All(run.Steps.Take(step), one => Assert.Equal(StepState.Completed, one.State));
        Assert.Equal(StepState.Failed, run.Steps[step].State);
        Assert.All(run.Steps.Skip(step + 1), one => Assert.Equal(StepState.Cancelled, one.State));
        Assert.Equal(code, run.Steps[step].Error!.Code);
        Assert.Contains(message, run.Steps[step].Error!.Message, StringComparison.Ordinal);
        Assert.NotEmpty(run.Steps[step].Error!.Hint);
        Assert.Equal(ObjectiveVerdict.Unknown, run.Attained.Rto);
        Assert.Null(run.Attained.RtoSeconds);
        Assert.True(step > 3 || !scene.Effects.Any(effect => effect.StartsWith("shift", StringComparison.Ordinal)));
        await AssertSealedAsync(scene, run.RunId);
    }

    [Fact]
    public async Task Run_TheSecondRunAfterAFailure_RecognisesWhatIsDoneAndGoesOn()
    {
        var scene = new RecoveryScene();
        Break(scene, "secondary ill");
        await new RunDriver(scene).StartAsync(scene.Request());
        scene.Probe.Status = null;

        var run = await new RunDriver(scene).StartAsync(scene.Request("shop-run-2"));

        await AssertFailedOverAsync(scene, run, epoch: 2);
    }

    [Fact]
    public async Task Run_CancelledBeforeAStep_NeverBeginsItAndUndoesWhatCanBe()
    {
        var scene = new RecoveryScene();
        var driver = new RunDriver(scene);
        driver.BeforeAttempt = step => step == 2 ? CancelAsync(scene) : Task.CompletedTask;

        var run = await driver.StartAsync(scene.Request());

        Assert.Equal(RunState.Cancelled, run.State);
        Assert.Equal(
            [StepState.Undone, StepState.Completed, StepState.Cancelled, StepState.Cancelled, StepState.Cancelled],
            run.Steps.Select(step => step.State));
        Assert.Equal([.. s_failover[..2], "start shop-westeurope"], scene.Effects);
        Assert.Equal("restore (cannot be undone)", run.Kept);
        await AssertSealedAsync(scene, run.RunId);
    }

    [Fact]
    public async Task Run_CancelledWhileAStepWaits_EndsTheStepWithWhoAndWhy()
    {
        var scene = new RecoveryScene { Probe = { Status = 500 } };
        var driver = new RunDriver(scene);
        var attempts = 0;
        driver.BeforeAttempt = step => step == 2 && ++attempts == 3 ? CancelAsync(scene) : Task.CompletedTask;

        var run = await driver.StartAsync(scene.Request());

        Assert.Equal(RunState.Cancelled, run.State);
        Assert.Equal(s_failover[..3].Concat(["stop shop-northeurope", "start shop-westeurope"]), scene.Effects);
        Assert.Equal(
            "cancelled by ops: false alarm",
            (await scene.Journal.ReadAsync(run.RunId, default)).Single(entry => entry.Kind == JournalKind.StepFailed).Fact("message"));
        await AssertSealedAsync(scene, run.RunId);
    }

    [Fact]
    public async Task Run_CancelledAfterTheLastStep_GoesAllTheWayBack()
    {
        var scene = new RecoveryScene();
        scene.Interception.Around = (call, moment) => call.StartsWith("Probe shop.traffic", StringComparison.Ordinal) && moment == Moment.After
            ? CancelAsync(scene)
            : Task.CompletedTask;

        var run = await new RunDriver(scene).StartAsync(scene.Request());

        Assert.Equal(RunState.Cancelled, run.State);
        Assert.Equal(s_failover.Concat(["shift to westeurope", "stop shop-northeurope", "start shop-westeurope"]), scene.Effects);
        Assert.Equal(RegionRole.Primary, (await scene.States.ReadAsync("shop", default)).Active);
        Assert.Equal(ObjectiveVerdict.Unknown, run.Attained.Rto);
    }

    [Fact]
    public async Task Run_ItsLockIsLost_ActsNoMoreAndLeavesTheNewRunsLock()
    {
        var scene = new RecoveryScene();
        var driver = new RunDriver(scene);
        driver.BeforeAttempt = async step =>
        {
            if (step == 1)
            {
                await scene.Locks.ReleaseAsync("shop", "shop-run-1", note: null, default);
                await scene.Locks.TakeAsync(scene.Request("shop-run-2"), default);
            }
        };

        var run = await driver.StartAsync(scene.Request());

        Assert.Equal(RunState.Failed, run.State);
        Assert.Equal("The run 'shop-run-1' no longer holds the lock of 'shop'; 'shop-run-2' (epoch 2) is the last that did.", run.EndReason);
        Assert.Equal(s_failover[..1], scene.Effects);
        var held = await scene.Locks.ReadAsync("shop", default);
        Assert.Equal((LockState.Held, "shop-run-2"), (held!.State, held.Run.RunId));
        Assert.True(EvidenceChain.Verify(await scene.Journal.ReadAsync("shop-run-1", default)).IsIntact);
    }

    [Fact]
    public async Task Run_ItsShiftIsCancelledAfterTheWrite_MovesUsersBack()
    {
        var scene = new RecoveryScene();
        var isCancelled = false;
        scene.Interception.Around = async (call, moment) =>
        {
            if (call == "WriteProfile" && moment == Moment.After && !isCancelled)
            {
                isCancelled = true;
                await CancelAsync(scene);
                throw new DocumentStoreException("the answer never came", isTransient: true);
            }
        };

        var run = await new RunDriver(scene).StartAsync(scene.Request());

        Assert.Equal(RunState.Cancelled, run.State);
        Assert.Equal(s_failover.Concat(["shift to westeurope", "stop shop-northeurope", "start shop-westeurope"]), scene.Effects);
        Assert.Equal(new WorkloadState(RegionRole.Primary, 1, "shop-run-1"), await scene.States.ReadAsync("shop", default));
    }

    [Fact]
    public async Task Run_ItsShiftTimesOutAfterTheWrite_IsFinishedByTheNextRunWithoutAnotherRestore()
    {
        var scene = new RecoveryScene();
        scene.Interception.Around = (call, moment) => call == "WriteProfile" && moment == Moment.After
            ? throw new RecoveryException("EndpointsNotWritten", "the answer shows something else", isTransient: false, "Look.")
            : Task.CompletedTask;
        var run = await new RunDriver(scene).StartAsync(scene.Request());
        scene.Interception.Around = (_, _) => Task.CompletedTask;
        Assert.Equal(RunState.Failed, run.State);
        Assert.Equal(s_failover, scene.Effects);
        Assert.Equal(new WorkloadState(RegionRole.Secondary, 1, "shop-run-1") { Arriving = true }, await scene.States.ReadAsync("shop", default));

        // Users are there now and write.
        scene.Restore.Contents["files"] = "written by users";
        var next = await new RunDriver(scene).StartAsync(scene.Request("shop-run-2"));

        await AssertFailedOverAsync(scene, next, epoch: 2);
        Assert.Equal("written by users", scene.Restore.Contents["files"]);
        Assert.StartsWith("not restored: the run 'shop-run-1' began to move users to northeurope", next.Steps[1].Summary, StringComparison.Ordinal);
        Assert.Equal(ObjectiveVerdict.Unknown, next.Attained.Rpo);
    }

    [Fact]
    public async Task Run_TheShiftIsRefused_LeavesTheWorkloadWhereItIs()
    {
        var scene = new RecoveryScene();
        scene.Interception.Around = (call, moment) => call == "WriteProfile" && moment == Moment.Before
            ? throw new RecoveryException("AuthorizationFailed", "not allowed", isTransient: false, "Grant the role.")
            : Task.CompletedTask;

        var run = await new RunDriver(scene).StartAsync(scene.Request());

        Assert.Equal((RunState.Failed, "AuthorizationFailed"), (run.State, run.Steps[3].Error?.Code));
        Assert.Equal(WorkloadState.AtHome, await scene.States.ReadAsync("shop", default));
        scene.Interception.Around = (_, _) => Task.CompletedTask;
        await AssertFailedOverAsync(scene, await new RunDriver(scene).StartAsync(scene.Request("shop-run-2")), epoch: 2);
    }

    [Fact]
    public async Task Begin_ThePlanCannotBeRead_ReleasesTheLockAndSaysWhy()
    {
        var scene = new RecoveryScene();
        await scene.Starts.StartAsync(scene.Request(), default);
        scene.Interception.Around = (call, _) => call.StartsWith("ReadPlan", StringComparison.Ordinal)
            ? throw new RecoveryException("PlanUnreadable", "not for this version", isTransient: false, "Apply a corrected plan.")
            : Task.CompletedTask;

        Assert.Equal(TurnKind.Done, (await scene.Execution.BeginAsync("shop", "shop-run-1", default)).Kind);

        var left = await scene.Locks.ReadAsync("shop", default);
        Assert.Equal((LockState.Released, "PlanUnreadable: not for this version"), (left?.State, left?.Note));
    }

    [Fact]
    public async Task Attempt_TheStepBeforeHasNotEndedWell_ChangesNothingAndSaysWhatIsNext()
    {
        var scene = new RecoveryScene();
        await scene.Starts.StartAsync(scene.Request(), default);
        await scene.Execution.BeginAsync("shop", "shop-run-1", default);

        var turn = await scene.Execution.AttemptAsync("shop", "shop-run-1", 3, default);

        Assert.Equal((TurnKind.Attempt, 0), (turn.Kind, Assert.Single(turn.Steps)));
        Assert.Empty(scene.Effects);
        Assert.Single(await scene.Journal.ReadAsync("shop-run-1", default));
    }

    [Fact]
    public async Task Anything_AfterTheRunEnded_SaysThatAndWritesNothing()
    {
        var scene = new RecoveryScene();
        await scene.Starts.StartAsync(scene.Request(), default);
        await scene.Execution.BeginAsync("shop", "shop-run-1", default);
        await CancelAsync(scene);
        Assert.Equal(TurnKind.Done, (await scene.Execution.TurnAsync("shop", "shop-run-1", default)).Kind);

        RunTurn[] turns =
        [
            await scene.Execution.BeginAsync("shop", "shop-run-1", default),
            await scene.Execution.AttemptAsync("shop", "shop-run-1", 0, default),
            await scene.Execution.UndoAsync("shop", "shop-run-1", "shop-run-1", 0, default),
            await scene.Execution.CrashAsync("shop", "shop-run-1", "shop-run-1", 0, "it broke", default),
            await scene.Execution.TurnAsync("shop", "shop-run-1", default),
        ];
        var refused = Assert.IsType<CommandVerdict.Refused>(
            await scene.Execution.CommandAsync("shop-run-1", new RunCommand(CommandKind.Cancel, null, "ops", "again"), default));

        Assert.All(turns, turn => Assert.Equal(TurnKind.Done, turn.Kind));
        Assert.Equal(("RunEnded", "The run 'shop-run-1' has ended: it is cancelled."), (refused.Code, refused.Message));
        Assert.Equal(
            [JournalKind.RunStarted, JournalKind.RunCancelled, JournalKind.RunEnded],
            (await scene.Journal.ReadAsync("shop-run-1", default)).Select(entry => entry.Kind));
    }

    [Fact]
    public async Task Begin_WithoutTheLock_HasNothingToDo()
    {
        var scene = new RecoveryScene();

        Assert.Equal(TurnKind.Done, (await scene.Execution.BeginAsync("shop", "shop-run-1", default)).Kind);
        await new RunDriver(scene).StartAsync(scene.Request());

        Assert.Equal(TurnKind.Done, (await scene.Execution.BeginAsync("shop", "shop-run-1", default)).Kind);
        Assert.Equal(TurnKind.Done, (await scene.Execution.BeginAsync("shop", "shop-run-2", default)).Kind);
    }

    [Theory]
    [InlineData(Moment.Before)]
    [InlineData(Moment.After)]
    public async Task Run_KilledAtAnyCall_CompletesWithEveryEffectOnce(Moment moment)
    {
        var calls = await CountCallsAsync();
        Assert.InRange(calls, 60, 400);
        for (var at = 0; at < calls; at++)
        {
            var scene = new RecoveryScene();
            var driver = new RunDriver(scene);
            scene.Interception.Around = FailAt(moment, (at, where => new KilledException(where)));

            await RunThroughKillsAsync(scene, driver);

            await AssertFailedOverAsync(scene, await driver.ViewAsync("shop-run-1"));
        }
    }

    [Theory]
    [InlineData(Moment.Before)]
    [InlineData(Moment.After)]
    public async Task Run_AnyCallFailsForAWhile_CompletesWithEveryEffectOnce(Moment moment)
    {
        var calls = await CountCallsAsync();
        for (var at = 0; at < calls; at++)
        {
            var scene = new RecoveryScene();
            var driver = new RunDriver(scene);
            scene.Interception.Around = FailAt(moment, (at, where => new DocumentStoreException($"no answer {where}", isTransient: true)));

            await RunThroughKillsAsync(scene, driver);

            await AssertFailedOverAsync(scene, await driver.ViewAsync("shop-run-1"));
        }
    }

    [Fact]
    public async Task Run_KilledAtManyCalls_CompletesWithEveryEffectOnce()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var scene = new RecoveryScene();
            var driver = new RunDriver(scene);
            var left = 12;
            scene.Interception.Around = (call, moment) => random.Next(12) == 0 && left-- > 0
                ? throw new KilledException($"{moment} {call}")
                : Task.CompletedTask;

            await RunThroughKillsAsync(scene, driver);

            await AssertFailedOverAsync(scene, await driver.ViewAsync("shop-run-1"));
        }
    }

    [Fact]
    public async Task Run_DrivenTwiceAtOnce_CompletesWithEveryEffectOnce()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var scene = new RecoveryScene();
            var driver = new RunDriver(scene);
            await scene.Starts.StartAsync(scene.Request(), default);
            await scene.Execution.OpenAsync("shop", "shop-run-1", default);
            var interleaving = new Interleaving(new Random(seed));
            scene.Interception.Around = interleaving.PauseAsync;

            var other = new RunDriver(scene, scene.AnotherProcess());
            await interleaving.RunAsync(() => driver.DriveAsync(scene.Request()), () => other.DriveAsync(scene.Request()));

            scene.Interception.Around = (_, _) => Task.CompletedTask;
            await AssertFailedOverAsync(scene, await driver.ViewAsync("shop-run-1"));
        }
    }

    [Fact]
    public async Task Run_DrivenTwiceAtOnceAndCancelledSomewhere_EndsWithAnIntactJournalAndTheTruth()
    {
        var outcomes = new HashSet<RunState>();
        for (var seed = 0; seed < 100; seed++)
        {
            var scene = new RecoveryScene();
            var driver = new RunDriver(scene);
            await scene.Starts.StartAsync(scene.Request(), default);
            await scene.Execution.OpenAsync("shop", "shop-run-1", default);
            var interleaving = new Interleaving(new Random(seed));
            scene.Interception.Around = interleaving.PauseAsync;

            var other = new RunDriver(scene, scene.AnotherProcess());
            await interleaving.RunAsync(
                () => driver.DriveAsync(scene.Request()), () => other.DriveAsync(scene.Request()), () => CancelAsync(scene, seed));

            scene.Interception.Around = (_, _) => Task.CompletedTask;
            var run = await driver.ViewAsync("shop-run-1");
            await AssertSealedAsync(scene, "shop-run-1");
            AssertOnceForwardOnceBack(scene.Effects);
            var state = await scene.States.ReadAsync("shop", default);
            var served = run.State == RunState.Completed ? "northeurope" : "westeurope";
            Assert.Equal((served, served), (scene.Traffic.Served?.Name, scene.Plan.RegionOf(state.Active).Name));
            Assert.Equal("Running", scene.WebApps.States[scene.Plan.RegionOf(state.Active).WebApp]);
            outcomes.Add(run.State);
        }

        Assert.Contains(RunState.Cancelled, outcomes);
        Assert.Contains(RunState.Completed, outcomes);
    }

    // Each effect at most once, in the order of the runbook; then those that can be, taken back in the reverse order.
    private static void AssertOnceForwardOnceBack(List<string> effects)
    {
        string?[] back = ["start shop-westeurope", null, "stop shop-northeurope", "shift to westeurope"];
        var forward = effects.TakeWhile(effect => !back.Contains(effect)).Count();
        Assert.Equal(s_failover[..forward], effects.Take(forward));
        Assert.True(
            effects.Count == forward || back[..forward].Reverse().OfType<string>().SequenceEqual(effects.Skip(forward)),
            string.Join(", ", effects));
    }

    private static async Task<int> CountCallsAsync()
    {
        var scene = new RecoveryScene();
        var calls = 0;
        scene.Interception.Around = (_, moment) =>
        {
            calls += moment == Moment.Before ? 1 : 0;
            return Task.CompletedTask;
        };
        await new RunDriver(scene).StartAsync(scene.Request());
        return calls;
    }

    private static Func<string, Moment, Task> FailAt(Moment when, (int Call, Func<string, Exception> With) fault)
    {
        var calls = 0;
        return (call, moment) => moment == when && calls++ == fault.Call ? throw fault.With($"{moment} {call}") : Task.CompletedTask;
    }

    // A dead process: its start is repeated by whoever asked, and the tick finds its lock.
    private static async Task RunThroughKillsAsync(RecoveryScene scene, RunDriver driver)
    {
        for (var isDone = false; !isDone;)
        {
            try
            {
                if (await scene.Starts.StartAsync(scene.Request(), default) is RunStart.Started)
                {
                    await driver.TickAsync();
                }

                isDone = true;
            }
            catch (Exception exception) when (exception is KilledException or DocumentStoreException)
            {
                scene.Restart();
            }
        }

        scene.Interception.Around = (_, _) => Task.CompletedTask;
    }

    private static async Task AssertFailedOverAsync(RecoveryScene scene, RunView run, long epoch = 1)
    {
        Assert.True(run.State == RunState.Completed, $"{run.State}: {run.Steps.FirstOrDefault(step => step.Error is not null)}");
        Assert.All(run.Steps, step => Assert.Equal(StepState.Completed, step.State));
        Assert.Equal(s_failover, scene.Effects);
        Assert.Equal(new WorkloadState(RegionRole.Secondary, epoch, run.RunId), await scene.States.ReadAsync("shop", default));
        await AssertSealedAsync(scene, run.RunId);
    }

    private static async Task AssertSealedAsync(RecoveryScene scene, string runId)
    {
        var check = EvidenceChain.Verify(await scene.Journal.ReadAsync(runId, default));
        Assert.True(check.IsIntact, check.Detail);
        var held = await scene.Locks.ReadAsync("shop", default);
        Assert.Equal((LockState.Released, runId), (held!.State, held.Run.RunId));
    }

    private static async Task CancelAsync(RecoveryScene scene, int afterReads = 0)
    {
        for (var read = 0; read < afterReads; read++)
        {
            await scene.Documents.ReadAsync("nothing", default);
        }

        await scene.AnotherProcess().CommandAsync("shop-run-1", new RunCommand(CommandKind.Cancel, null, "ops", "false alarm"), default);
    }

    private static void Break(RecoveryScene scene, string fault)
    {
        switch (fault)
        {
            case "primary missing":
                scene.WebApps.States.Remove(scene.Plan.Primary.WebApp);
                break;
            case "fence refused":
                scene.Interception.Around = (call, _) => call.StartsWith("stop ", StringComparison.Ordinal)
                    ? throw new RecoveryException("AuthorizationFailed", "not allowed", isTransient: false, "Grant the role.")
                    : Task.CompletedTask;
                break;
            case "no snapshot":
                scene.Restore.Snapshots.Clear();
                break;
            case "secondary active":
                // After the start, which would refuse it.
                scene.Interception.Around = async (call, moment) =>
                {
                    if (call.StartsWith("stop ", StringComparison.Ordinal) && moment == Moment.After)
                    {
                        await scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, 1, "by hand"), default);
                    }
                };
                break;
            case "secondary missing":
                scene.WebApps.States.Remove(scene.Plan.Secondary.WebApp);
                break;
            case "secondary ill":
                scene.Probe.Status = 500;
                break;
            case "profile geographic":
                scene.Traffic.Profile = scene.Traffic.Profile with { RoutingMethod = "Geographic" };
                break;
            case "endpoint missing":
                scene.Traffic.Profile = scene.Traffic.Profile with
                {
                    Endpoints = [scene.Traffic.Profile.Endpoints[0], scene.Traffic.Profile.Endpoints[1] with { Name = "other" }],
                };
                break;
            case "dns stuck":
                scene.Probe.Cached = (RegionRole.Primary, int.MaxValue);
                break;
            case "runner broken":
                scene.Interception.Around = (call, _) => call.StartsWith("stop ", StringComparison.Ordinal)
                    ? throw new InvalidOperationException("it broke")
                    : Task.CompletedTask;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(fault), fault, "Unknown fault.");
        }
    }
}
