using DrFunctions.App.Backups;
using DrFunctions.App.Durable;
using DrFunctions.Plans.Schedules;
using DrFunctions.Recovery.Events;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;
using Microsoft.DurableTask.Client;

namespace DrFunctions.App.RestoreTests;

/// <summary>Starts the restore tests that are due, one of a policy at a time, and closes those that are over.</summary>
public sealed class RestoreTestStarts(
    RestoreTestLog log, RestoreTestActivities activities, IPlanSource plans, WorkloadLocks locks, WorkloadStates states, NoticeOutbox outbox, TimeProvider time)
{
    private const int MostAttempts = 6;

    /// <summary>
    /// Closes tests whose orchestration is over: sees that their scratch containers are gone, and keeps that nothing is known of one that
    /// came to no end. Idempotent.
    /// </summary>
    public async Task FollowAsync(string workload, DurableTaskClient client, CancellationToken cancellationToken)
    {
        foreach (var seen in await log.ReadStatesAsync(workload, cancellationToken))
        {
            if (seen.Value is not { Job: { } job, ClosedAt: null }
                || await client.GetInstanceAsync(job.InstanceId, cancellationToken) is { IsCompleted: false })
            {
                continue;
            }

            var evidence = await log.FindAsync(job, cancellationToken);
            if (evidence?.CleanedAt is null)
            {
                await activities.RemoveAsync(job, owner => owner == job.Owner, cancellationToken);
            }

            evidence ??= await log.KeepAsync(await NothingKnownAsync(job, cancellationToken), cancellationToken);
            if (evidence.Verdict == RestoreTestVerdict.Failed || (evidence.Verdict == RestoreTestVerdict.Unknown && job.Attempt >= MostAttempts))
            {
                var plan = await plans.ReadAsync(workload, job.PlanVersion, cancellationToken);
                await outbox.RaiseAsync(workload, plan.NotifyTopic, BackupNotices.Failed(evidence, job.Occurrence), cancellationToken);
            }

            // A lost race means that another tick did the same.
            _ = await log.TryWriteStateAsync(workload, job.Policy, seen.Value with { ClosedAt = time.GetUtcNow() }, seen, cancellationToken);
        }
    }

    /// <summary>
    /// Starts a policy's due test, or another attempt of the last one when nothing could be seen and its pause is over. Idempotent: an
    /// attempt of an occurrence has one orchestration, by its id.
    /// </summary>
    public async Task StartDueAsync(
        WorkloadPlan plan, string planVersion, BackupPolicy policy, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (policy.RestoreTest is not { } schedule)
        {
            return;
        }

        var now = time.GetUtcNow();
        var seen = await log.FindStateAsync(plan.Workload, policy.Name, cancellationToken);
        if (seen is null)
        {
            // A new schedule does not begin with a test at once: there may be no restore point yet.
            _ = await log.TryWriteStateAsync(plan.Workload, policy.Name, new RestoreTestState(1, now), null, cancellationToken);
            return;
        }

        if (plan.NotifyTopic is { } topic && RestoreTestRules.Overdue(schedule, seen.Value, now) is { } overdue)
        {
            await outbox.RaiseAsync(plan.Workload, topic, BackupNotices.Overdue(plan.Workload, policy.Name, overdue, now), cancellationToken);
        }

        if (seen.Value is { Job: not null, ClosedAt: null }
            || await DueAsync(schedule, seen.Value, now, cancellationToken) is not (var occurrence, var attempt)
            || await locks.ReadAsync(plan.Workload, cancellationToken) is { State: LockState.Held })
        {
            return;
        }

        var state = await states.ReadAsync(plan.Workload, cancellationToken);
        if (state.Arriving)
        {
            return;
        }

        var job = new RestoreTestInput(plan.Workload, policy.Name, occurrence, attempt, planVersion, state.Active.Other());

        // Before it begins: what a test that was thought dead made later on.
        await activities.RemoveAsync(job, job.IsOfAnother, cancellationToken);
        await client.EnsureScheduledAsync(RestoreTestOrchestration.Name, job, job.InstanceId, cancellationToken);

        // After the orchestration exists: a crash in between finds it by its id. A lost race means that another tick did the same.
        _ = await log.TryWriteStateAsync(plan.Workload, policy.Name, new RestoreTestState(1, occurrence, job), seen, cancellationToken);
    }

    private async Task<(DateTimeOffset Occurrence, int Attempt)?> DueAsync(
        RestoreTestPolicy schedule, RestoreTestState state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (BackupSchedule.Due(schedule.Schedule, schedule.TimeZone, state.Last, now) is { } occurrence)
        {
            return (occurrence, 1);
        }

        return state is { Job: { Attempt: < MostAttempts } job, ClosedAt: { } closed }
            && now >= closed + TimeSpan.FromMinutes(1 << job.Attempt)
            && await log.FindAsync(job, cancellationToken) is { Verdict: RestoreTestVerdict.Unknown }
                ? (state.Last, job.Attempt + 1)
                : null;
    }

    private async Task<RestoreTestEvidence> NothingKnownAsync(RestoreTestInput job, CancellationToken cancellationToken)
    {
        var plan = await plans.ReadAsync(job.Workload, job.PlanVersion, cancellationToken);
        var now = time.GetUtcNow();
        return new RestoreTestEvidence(
            1,
            job.Workload,
            job.Policy,
            job.Name,
            job.PlanVersion,
            plan.Backups.First(policy => policy.Name == job.Policy).Store, // The test was begun by a plan that has it.
            plan.RegionOf(job.Region).Name,
            job.Occurrence,
            now,
            RestoreTestVerdict.Unknown,
            $"The orchestration '{job.InstanceId}' ended without a result.",
            [],
            plan.Objectives.Rto.TotalSeconds,
            ObjectiveVerdict.Unknown,
            RestoreTestVerdicts.Measured(null),
            now,
            RestoreTestEvidence.Genesis);
    }
}
