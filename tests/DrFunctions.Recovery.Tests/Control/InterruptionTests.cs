using DrFunctions.Recovery.Control;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Tests.Runs;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Control;

/// <summary>Runs that were under way when the region of the app that ran them was lost.</summary>
public sealed class InterruptionTests
{
    /// <summary>The app dies at every call of a failover; the other one, which has all of its documents, never goes on by itself.</summary>
    [Fact]
    public async Task Run_ControlIsLostAtEveryCall_WaitsForAPersonAndThenCompletesWithEachEffectOnce()
    {
        var waited = 0;
        for (var at = 0; ; at++)
        {
            var scene = new RecoveryScene();
            var (calls, killed) = (0, false);
            scene.Interception.Around = (call, moment) => calls++ == at ? throw new KilledException($"{moment} {call}") : Task.CompletedTask;
            try
            {
                await new RunDriver(scene).StartAsync(scene.Request());
            }
            catch (KilledException)
            {
                killed = true;
            }

            scene.Interception.Around = (_, _) => Task.CompletedTask;
            if (!killed)
            {
                Assert.True(waited > 50, $"only {waited} runs waited");
                return;
            }

            if (await scene.Locks.ReadAsync(scene.Plan.Workload, default) is not { State: LockState.Held } held)
            {
                continue; // It had not begun, or was done.
            }

            var before = scene.Effects.ToList();
            var execution = await TakeOverAsync(scene);
            var turn = await execution.BeginAsync(scene.Plan.Workload, held.Run.RunId, default);
            if (turn.Kind == TurnKind.Done)
            {
                continue; // Its journal was sealed: nothing is left to decide.
            }

            Assert.Equal(TurnKind.Wait, turn.Kind);
            Assert.Equal(before, scene.Effects);
            var run = RunProgress.Of(await scene.Journal.ReadAsync(held.Run.RunId, default));
            Assert.Equal("ControlTakenOver", run.Pause?.Code);
            Assert.Equal(TurnKind.Wait, (await execution.TurnAsync(scene.Plan.Workload, held.Run.RunId, default)).Kind);
            Assert.Equal(TurnKind.Wait, (await execution.AttemptAsync(scene.Plan.Workload, held.Run.RunId, 0, default)).Kind);
            Assert.Equal(1, (await scene.Journal.ReadAsync(held.Run.RunId, default)).Count(entry => entry.Kind == JournalKind.RunPaused));
            waited++;

            if (run.Pause!.Step is { } step) // seen above
            {
                var verdict = await execution.CommandAsync(
                    held.Run.RunId, new RunCommand(CommandKind.Retry, run.Steps[step].Name, "ann", "looked at it"), default);
                Assert.IsType<CommandVerdict.Accepted>(verdict);
                var driver = new RunDriver(scene, execution);
                await driver.DriveAsync(held.Run);
                Assert.Equal(RunState.Completed, (await driver.ViewAsync(held.Run.RunId)).State);
                Assert.Equal(scene.Effects.Distinct(), scene.Effects);
            }
        }
    }

    [Fact]
    public async Task Run_BeganUnderTheNewTerm_IsNotInterrupted()
    {
        var scene = new RecoveryScene();
        var execution = await TakeOverAsync(scene);

        var run = await new RunDriver(scene, execution).StartAsync(scene.Request());

        Assert.Equal(RunState.Completed, run.State);
    }

    /// <summary>A version that knows nothing of second apps began it; the one that goes on begins the first term.</summary>
    [Fact]
    public async Task Run_BeganBeforeTheFirstTerm_GoesOn()
    {
        var scene = new RecoveryScene();
        var request = scene.Request();
        Assert.IsType<RunStart.Started>(await scene.Starts.StartAsync(request, default));
        await scene.Execution.BeginAsync(request.Workload, request.RunId, default);
        var authority = new ControlAuthority(
            new ControlIdentity("https://north/", "north", false, null),
            new DocumentReplicas([new("control", new MemoryDocumentStore()), new("mirror", new MemoryDocumentStore())]),
            scene.Clock);
        await authority.RequireAsync(default);
        var driver = new RunDriver(scene, scene.AnotherProcess(authority));

        await driver.DriveAsync(request);

        Assert.Equal(RunState.Completed, (await driver.ViewAsync(request.RunId)).State);
    }

    private static async Task<RunExecution> TakeOverAsync(RecoveryScene scene)
    {
        var authority = new ControlAuthority(
            new ControlIdentity("https://north/", "north", true, null),
            new DocumentReplicas([new("control", new MemoryDocumentStore()), new("mirror", new MemoryDocumentStore())]),
            scene.Clock);
        await new ControlTakeover(authority, scene.WebApps, scene.Clock).TakeAsync("north", "silence", false, default);
        scene.Clock.Advance(ControlTerm.Settling);
        return scene.AnotherProcess(authority);
    }
}
