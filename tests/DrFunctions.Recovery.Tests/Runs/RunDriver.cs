using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Runs;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Runs;

/// <summary>Does what the run's orchestrator does: activities at least once, each again when it failed, waits in virtual time.</summary>
internal sealed class RunDriver(RecoveryScene scene)
{
    private const int Tries = 4;

    /// <summary>Called before every attempt of a step.</summary>
    public Func<int, Task> BeforeAttempt { get; set; } = _ => Task.CompletedTask;

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
        if (await ActivityAsync(() => scene.Execution.BeginAsync(run.Workload, run.RunId, default)) is { } outline)
        {
            for (var index = 0; index < outline.TimeoutSeconds.Count; index++)
            {
                if (await StepAsync(run, index, TimeSpan.FromSeconds(outline.TimeoutSeconds[index])) == StepNext.Stop)
                {
                    break;
                }
            }

            await ActivityAsync(async () =>
            {
                await scene.Execution.EndAsync(run.Workload, run.RunId, default);
                return true;
            });
        }

        scene.Scheduler.Executing.Remove(run.RunId);
    }

    public async Task<RunView> ViewAsync(string runId) => RunViews.Of(await scene.Journal.ReadAsync(runId, default));

    private async Task<StepNext> StepAsync(RunRequest run, int index, TimeSpan timeout)
    {
        var deadline = scene.Clock.GetUtcNow() + timeout;
        while (true)
        {
            await BeforeAttempt(index);
            StepReport report;
            try
            {
                report = await ActivityAsync(() => scene.Execution.AttemptAsync(run.Workload, run.RunId, index, default));
            }
            catch (Exception exception) when (exception is not KilledException)
            {
                report = await FailAsync("StepCrashed", exception.Message);
            }

            if (report.Next != StepNext.Again)
            {
                return report.Next;
            }

            var wait = TimeSpan.FromSeconds(Math.Max(report.AfterSeconds, 0.2));
            if (scene.Clock.GetUtcNow() + wait >= deadline)
            {
                return (await FailAsync("StepTimedOut", $"{report.Code}; {report.Summary}")).Next;
            }

            scene.Clock.Advance(wait);
        }

        Task<StepReport> FailAsync(string code, string message) =>
            ActivityAsync(() => scene.Execution.FailAsync(run.RunId, index, code, message, "Start the run again.", default));
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
