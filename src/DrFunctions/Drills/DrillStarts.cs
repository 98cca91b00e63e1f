using System.Globalization;
using DrFunctions.App.Runs;
using DrFunctions.Plans.Schedules;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Drills;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;
using Microsoft.DurableTask.Client;

namespace DrFunctions.App.Drills;

/// <summary>Starts the drills that are due, one of an occurrence, and keeps what came of each.</summary>
public sealed class DrillStarts(
    DrillLog drills, WorkloadLocks locks, WorkloadStates states, RunJournal journal, IPlanSource plans, TimeProvider time)
{
    private static readonly CallerIdentity s_schedule = CallerIdentity.System("drill schedule");

    /// <summary>Keeps what came of the workload's drills, whoever started them.</summary>
    public async Task FollowAsync(string workload, CancellationToken cancellationToken)
    {
        var last = (await locks.ReadAsync(workload, cancellationToken))?.Run;
        if (last is { Mode: RunMode.Drill })
        {
            var seen = await drills.FindAsync(workload, last.Runbook, cancellationToken);
            var begun = new DrillRecord(
                1,
                last.Runbook,
                seen?.Value.RunId == last.RunId ? seen.Value.Occurrence : last.DetectedAt,
                last.RunId,
                last.PlanVersion,
                DrillState.Running);
            await KeepAsync(workload, begun, seen, mayBegin: true, cancellationToken);
        }

        // One that was pre-empted has lost the lock before it ended: without this it would be taken to run for ever.
        foreach (var drill in await drills.ReadAsync(workload, cancellationToken))
        {
            if (drill is { State: DrillState.Running, RunId: { } runId } && runId != last?.RunId)
            {
                await KeepAsync(workload, drill, await drills.FindAsync(workload, drill.Runbook, cancellationToken), mayBegin: false, cancellationToken);
            }
        }
    }

    private async Task KeepAsync(
        string workload, DrillRecord begun, Stored<DrillRecord>? seen, bool mayBegin, CancellationToken cancellationToken)
    {
        if (seen?.Value is { State: DrillState.Completed or DrillState.Failed } known && known.RunId == begun.RunId)
        {
            return;
        }

        var entries = await journal.ReadAsync(begun.RunId!, cancellationToken); // a drill that runs has a run
        var view = entries.Count > 0 ? RunViews.Of(entries) : null;
        var record = view switch
        {
            { EndedAt: { } at, State: RunState.Completed } => begun with { State = DrillState.Completed, EndedAt = at },
            { EndedAt: { } at } => begun with { State = DrillState.Failed, Note = $"the run is {view.State.ToString().ToLowerInvariant()}", EndedAt = at },
            null when !mayBegin => begun with { State = DrillState.Failed, Note = "another run took the workload before it began", EndedAt = time.GetUtcNow() },
            _ => begun,
        };
        if (record != seen?.Value)
        {
            // A lost race means that another tick saw the same.
            _ = await drills.TryWriteAsync(workload, record, seen, cancellationToken);
        }
    }

    /// <summary>Starts a policy's due drill. Idempotent: an occurrence has one run, by its id.</summary>
    public async Task StartDueAsync(
        WorkloadPlan plan, string planVersion, DrillPolicy policy, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var seen = await drills.FindAsync(plan.Workload, policy.Runbook, cancellationToken);
        if (seen is null)
        {
            // A new schedule does not begin with a drill at once.
            _ = await drills.TryWriteAsync(plan.Workload, new DrillRecord(1, policy.Runbook, now, null, planVersion, DrillState.None), null, cancellationToken);
            return;
        }

        if (seen.Value.State == DrillState.Running
            || BackupSchedule.Due(policy.Schedule, policy.TimeZone, seen.Value.Occurrence, now) is not { } occurrence
            || policy.BlockingAt(now) is not null)
        {
            return;
        }

        var run = new RunRequest(
            string.Create(CultureInfo.InvariantCulture, $"{plan.Workload}-drill-{policy.Runbook}-{occurrence:yyyyMMddHHmm}"),
            plan.Workload,
            policy.Runbook,
            RunMode.Drill,
            planVersion,
            s_schedule,
            $"the drill of {occurrence:yyyy-MM-dd HH:mm}Z",
            occurrence,
            null);
        var start = await new RunStarts(locks, states, plans, new DurableRunScheduler(client)).StartAsync(run, cancellationToken);
        var record = new DrillRecord(1, policy.Runbook, occurrence, run.RunId, planVersion, DrillState.Running);
        record = start switch
        {
            RunStart.Started => record,
            RunStart.AlreadyThere there => record with
            {
                RunId = null,
                State = DrillState.Failed,
                EndedAt = now,
                Note = $"{there.Region} already carries the workload",
            },

            // Another run has the workload: the next minute tries again, and an evaluation says when that lasts.
            _ => seen.Value,
        };
        if (record != seen.Value)
        {
            _ = await drills.TryWriteAsync(plan.Workload, record, seen, cancellationToken);
        }
    }
}
