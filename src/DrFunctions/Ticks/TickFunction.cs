using DrFunctions.App.Backups;
using DrFunctions.App.Drills;
using DrFunctions.App.Incidents;
using DrFunctions.App.RestoreTests;
using DrFunctions.App.Retention;
using DrFunctions.App.Runs;
using DrFunctions.Cloud.Documents;
using DrFunctions.Plans.Store;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Signals.Unreadable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DrFunctions.App.Ticks;

/// <summary>
/// Once a minute: starts what is due, and finds what was left lying when a process died between two writes: a lock whose run was
/// never scheduled, a signal whose incident was never woken, a document whose mirror copy is missing.
/// </summary>
public sealed partial class TickFunction(
    PlanIndex plans,
    WorkloadLocks locks,
    RunExecution execution,
    IncidentLog incidents,
    IncidentWaker waker,
    BackupStarts backups,
    DrillStarts drills,
    RestoreTestStarts restoreTests,
    PruneStarts prunes,
    LateCopies lateCopies,
    SignalRetention retention,
    IncidentRetention incidentRetention,
    UnreadableIncidents unreadable,
    LateRuns late,
    IEnumerable<MirroredDocumentStore> mirrors,
    ILogger<TickFunction> logger)
{
    // A tick of many workloads takes seconds and must leave room for an alert.
    private const int AtOnce = 2;

    [Function("Tick")]
    public async Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var all = await plans.ReadAsync(cancellationToken);
        foreach (var damaged in all.Damaged)
        {
            LogFailed(damaged.Workload, "anything", damaged.Why.Code, damaged.Why.Message);
        }

        // Its run and its incident need no plan that can be read; its backups and drills do.
        var each = all.Plans.Select(one => (one.Workload, Current: (CurrentPlan?)one)).Concat(all.Damaged.Select(one => (one.Workload, Current: (CurrentPlan?)null)));
        await Parallel.ForEachAsync(
            each,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (one, token) =>
            {
                await LookAfterAsync(one.Workload, client, token);
                if (one.Current is { } current)
                {
                    await StartDueAsync(current, client, token);
                }
            });

        foreach (var pair in PruneStarts.PairsOf(all.Plans))
        {
            await GuardAsync(pair.ToString(), "the prunes", () => prunes.LookAfterAsync(pair, all.Plans, client, cancellationToken));
        }

        if (retention.IsDue)
        {
            await GuardAsync("all workloads", "old signals", () => retention.SweepAsync(cancellationToken));
            await GuardAsync("all workloads", "old unreadable signals", () => unreadable.SweepAsync(cancellationToken));
        }

        foreach (var mirror in mirrors)
        {
            await GuardAsync("all workloads", "the mirror", () => mirror.CatchUpAsync(cancellationToken));
        }
    }

    private async Task LookAfterAsync(string workload, DurableTaskClient client, CancellationToken cancellationToken)
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
                await waker.WakeAsync(client, workload, cancellationToken);
            }
        });
        await GuardAsync(workload, "the drills", () => drills.FollowAsync(workload, cancellationToken));
        await GuardAsync(workload, "the restore tests", () => restoreTests.FollowAsync(workload, client, cancellationToken));
        if (incidentRetention.IsDue)
        {
            await GuardAsync(workload, "old incidents", () => incidentRetention.SweepAsync(workload, cancellationToken));
        }
    }

    private async Task StartDueAsync(CurrentPlan current, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var (workload, version, plan) = current;
        await GuardAsync(workload, "the backups", async () =>
        {
            foreach (var policy in plan.Backups)
            {
                await backups.StartDueAsync(plan, version, policy, client, cancellationToken);
            }
        });
        await GuardAsync(workload, "late copies", () => lateCopies.LookAsync(plan, cancellationToken));
        await GuardAsync(workload, "the due restore tests", async () =>
        {
            foreach (var policy in plan.Backups)
            {
                await restoreTests.StartDueAsync(plan, version, policy, client, cancellationToken);
            }
        });
        await GuardAsync(workload, "the due drills", async () =>
        {
            foreach (var policy in plan.Drills)
            {
                await drills.StartDueAsync(plan, version, policy, client, cancellationToken);
            }
        });
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
