using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Runs;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Runs;

/// <summary>Does what the run's orchestrator does: activities at least once, each again when it failed, waits in virtual time.</summary>
internal sealed class RunDriver(RecoveryScene scene, RunExecution? process = null)
{
    private const int Tries = 4;

    /// <summary>Called before every attempt of a step, with its index.</summary>
    public Func<int, Task> BeforeAttempt { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called when the run waits for a person. When it decides nothing, the wait lasts as long as it may.</summary>
    public Func<RunProgress, Task> WhenPaused { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called with every turn, before it is taken.</summary>
    public Action<RunTurn> OnTurn { get; set; } = _ => { };

    private RunExecution Execution => process ?? scene.Execution;

    /// <summary>Starts a run and drives it to its end.</summary>
    public async Task<RunView> StartAsync(RunRequest request)
    {
        var started = Assert.IsType<RunStart.Started>(await ActivityAsync(() => scene.Starts.StartAsync(request, default)));
        await DriveAsync(started.Run);
        return await ViewAsync(request.RunId);
    }

    /// <summary>What the tick does: a lock that is held has its run driven.</summary>
    public async Task TickAsync()
    {
        if (await scene.Locks.ReadAsync(scene.Plan.Workload, default) is { State: LockState.Held } held)
        {
            await scene.Scheduler.EnsureScheduledAsync(held.Run, default);
            await DriveAsync(held.Run);
        }
    }

    public async Task DriveAsync(RunRequest run)
    {
        var turn = await ActivityAsync(() => Execution.BeginAsync(run.Workload, run.RunId, default));
        while (turn.Kind != TurnKind.Done)
        {
            OnTurn(turn);
            turn = turn.Kind switch
            {
                TurnKind.Attempt or TurnKind.Undo when turn.Steps.Count == 1 => await StepAsync(run, turn, turn.Steps[0]),
                TurnKind.Attempt => await SideBySideAsync(run, turn),
                TurnKind.Wait => await WaitAsync(run, turn),
                _ => await TurnAsync(run),
            };
        }

        scene.Scheduler.Executing.Remove(run.RunId);
    }

    public async Task<RunView> ViewAsync(string runId) => RunViews.Of(await scene.Journal.ReadAsync(runId, default));

    private Task<RunTurn> TurnAsync(RunRequest run) => ActivityAsync(() => Execution.TurnAsync(run.Workload, run.RunId, default));

    private async Task<RunTurn> SideBySideAsync(RunRequest run, RunTurn turn)
    {
        await Task.WhenAll(turn.Steps.Select(index => StepAsync(run, turn, index)));
        return await TurnAsync(run);
    }

    private async Task<RunTurn> StepAsync(RunRequest run, RunTurn turn, int index)
    {
        while (true)
        {
            await BeforeAttempt(index);
            RunTurn next;
            try
            {
                next = await ActivityAsync(() => turn.Kind == TurnKind.Undo
                    ? Execution.UndoAsync(run.Workload, run.RunId, turn.RunId, index, default)
                    : Execution.AttemptAsync(run.Workload, run.RunId, index, default));
            }
            catch (Exception exception) when (exception is not KilledException)
            {
                next = await ActivityAsync(() => Execution.CrashAsync(run.Workload, run.RunId, turn.RunId, index, exception.Message, default));
            }

            if (next.Kind != TurnKind.Again)
            {
                return next;
            }

            scene.Clock.Advance(TimeSpan.FromSeconds(next.AfterSeconds));
        }
    }

    private async Task<RunTurn> WaitAsync(RunRequest run, RunTurn turn)
    {
        var before = await scene.Journal.ReadAsync(run.RunId, default);
        await WhenPaused(RunProgress.Of(before));
        if ((await scene.Journal.ReadAsync(run.RunId, default)).Count == before.Count)
        {
            scene.Clock.Advance(TimeSpan.FromSeconds(turn.AfterSeconds));
        }

        return await TurnAsync(run);
    }

    private static async Task<T> ActivityAsync<T>(Func<Task<T>> activity)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await activity();
            }
            catch (RecoveryException) when (attempt < Tries)
            {
                // As the orchestration's retry policy: whatever failed is tried again.
            }
        }
    }
}
