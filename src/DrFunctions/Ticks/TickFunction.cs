using DrFunctions.App.Backups;
using DrFunctions.App.Drills;
using DrFunctions.App.Incidents;
using DrFunctions.App.Runs;
using DrFunctions.Cloud.Documents;
using DrFunctions.Plans.Store;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Signals;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DrFunctions.App.Ticks;

/// <summary>
/// Once a minute: starts what is due, and finds what was left lying when a process died between two writes: a lock whose run was
/// never scheduled, a signal whose incident was never woken, a document whose mirror copy is missing.
/// </summary>
public sealed partial class TickFunction(
    PlanStore plans,
    WorkloadLocks locks,
    RunExecution execution,
    IncidentLog incidents,
    BackupStarts backups,
    DrillStarts drills,
    SignalRetention retention,
    LateRuns late,
    IEnumerable<MirroredDocumentStore> mirrors,
    ILogger<TickFunction> logger)
{
    [Function("Tick")]
    public async Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var scan = await plans.ScanAsync(cancellationToken);
        foreach (var damaged in scan.Damaged)
        {
            LogFailed(damaged.Workload, "anything", damaged.Why.Code, damaged.Why.Message);
        }

        foreach (var (workload, version) in scan.Plans)
        {
            await GuardAsync(workload, "the run", async () =>
            {
                if (await locks.ReadAsync(workload, cancellationToken) is { State: LockState.Held } held)
                {
                    await new DurableRunScheduler(client).EnsureScheduledAsync(held.Run, cancellationToken);
                    if (await execution.MayNeedWakingAsync(held.Run.RunId, cancellationToken))
                    {
                        await client.RaiseEventAsync(held.Run.RunId, RunOrchestration.Decided, null, cancellationToken);
                    }

                    await late.WarnAsync(held.Run.RunId, cancellationToken);
                }
            });
            await GuardAsync(workload, "the incident", async () =>
            {
                if (await incidents.HasWorkAsync(workload, cancellationToken))
                {
                    await IncidentWaker.WakeAsync(client, workload, cancellationToken);
                }
            });
            await GuardAsync(workload, "the backups", async () =>
            {
                var plan = await plans.ReadAsync(workload, version, cancellationToken);
                foreach (var policy in plan.Backups)
                {
                    await backups.StartDueAsync(plan, version, policy, client, cancellationToken);
                }
            });
            await GuardAsync(workload, "the drills", async () =>
            {
                await drills.FollowAsync(workload, cancellationToken);
                var plan = await plans.ReadAsync(workload, version, cancellationToken);
                foreach (var policy in plan.Drills)
                {
                    await drills.StartDueAsync(plan, version, policy, client, cancellationToken);
                }
            });
        }

        if (retention.IsDue)
        {
            await GuardAsync("all workloads", "old signals", () => retention.SweepAsync(cancellationToken));
        }

        foreach (var mirror in mirrors)
        {
            await GuardAsync("all workloads", "the mirror", () => mirror.CatchUpAsync(cancellationToken));
        }
    }

    // One workload's trouble must not keep the others from their backups; the next tick tries again.
    private async Task GuardAsync(string workload, string what, Func<Task> act)
    {
        try
        {
            await act();
        }
#pragma warning disable CA1031 // The border between workloads.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogFailed(workload, what, (exception as RecoveryException)?.Code ?? exception.GetType().Name, exception.Message);
        }
    }

    [LoggerMessage(3001, LogLevel.Error, "The tick could not look after {What} of {Workload}: {Code}, {Message}")]
    private partial void LogFailed(string workload, string what, string code, string message);
}
