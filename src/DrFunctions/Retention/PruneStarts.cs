using DrFunctions.App.Backups;
using DrFunctions.App.Durable;
using DrFunctions.Plans.Schedules;
using DrFunctions.Plans.Store;
using DrFunctions.Recovery.Events;
using DrFunctions.Recovery.Workloads;
using Microsoft.DurableTask.Client;

namespace DrFunctions.App.Retention;

/// <summary>Starts the prunes that are due, one of a pair of repositories at a time, and closes those that are over.</summary>
public sealed class PruneStarts(PruneLog log, PruneScopes scopes, NoticeOutbox outbox, TimeProvider time)
{
    private const int MostAttempts = 6;

    // A workload that is busy for longer is passed over, so that the others of its repositories are pruned.
    private static readonly TimeSpan s_patience = TimeSpan.FromHours(3);

    /// <summary>The pairs of some plans, each once.</summary>
    public static IEnumerable<RepositoryPair> PairsOf(IEnumerable<CurrentPlan> plans) => plans.Select(one => RepositoryPair.Of(one.Plan)).OfType<RepositoryPair>().Distinct();

    /// <summary>Closes a pair's prune whose orchestration is over, tells who should know, and starts one that is due. Idempotent.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="plans">All plans.</param>
    /// <param name="client">Starts orchestrations.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task LookAfterAsync(RepositoryPair pair, IReadOnlyList<CurrentPlan> plans, DurableTaskClient client, CancellationToken cancellationToken)
    {
        IReadOnlyList<WorkloadPlan> ours = [.. plans.Where(one => RepositoryPair.Of(one.Plan) == pair).Select(one => one.Plan)];
        await FollowAsync(pair, ours, client, cancellationToken);
        await StartDueAsync(pair, [.. ours.SelectMany(plan => plan.Backups).Select(policy => policy.Retention).OfType<RetentionPolicy>()], client, cancellationToken);
    }

    private async Task FollowAsync(RepositoryPair pair, IReadOnlyList<WorkloadPlan> plans, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await log.FindStateAsync(pair, cancellationToken) is not { Value: { Job: { } job, ClosedAt: null } state } seen
            || await client.GetInstanceAsync(job.InstanceId, cancellationToken) is { IsCompleted: false })
        {
            return;
        }

        var now = time.GetUtcNow();
        var record = await log.FindAsync(job, cancellationToken) ?? await log.KeepAsync(
            pair,
            new PruneRecord(1, job.Name, job.Occurrence, now, [.. job.Places.Select(place => new PlacePruned(
                place, new BackupError(PruneOrchestration.NoAnswer, $"The orchestration '{job.InstanceId}' ended without a result.")))]),
            cancellationToken);

        // What failed is tried again before anybody is told of it.
        if (record.Places.Any(place => place.Blocked.Count + place.Refused.Count > 0) || (job.Attempt >= MostAttempts && record.Places.Any(place => place.Error is not null)))
        {
            foreach (var plan in plans.Where(PruneScopes.HasRules))
            {
                await outbox.RaiseAsync(plan.Workload, plan.NotifyTopic, PruneNotices.Troubled(plan.Workload, job, record), cancellationToken);
            }
        }

        // A lost race means that another tick did the same.
        _ = await log.TryWriteStateAsync(pair, state with { ClosedAt = now }, seen, cancellationToken);
    }

    private async Task StartDueAsync(RepositoryPair pair, IReadOnlyList<RetentionPolicy> schedules, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (schedules.Count == 0)
        {
            return;
        }

        var now = time.GetUtcNow();
        var seen = await log.FindStateAsync(pair, cancellationToken);
        if (seen is null)
        {
            // A new rule does not remove anything at once: whoever wrote it may still look at what it would do.
            _ = await log.TryWriteStateAsync(pair, new PruneState(1, now), null, cancellationToken);
            return;
        }

        if (seen.Value is { Job: not null, ClosedAt: null } || await DueAsync(schedules, seen.Value, now, cancellationToken) is not (var occurrence, var attempt, var failed))
        {
            return;
        }

        var workloads = await scopes.ReadAsync(pair, cancellationToken);
        var busy = workloads.Count(workload => workload.Busy is not null);
        if (workloads.Count == busy || (busy > 0 && now < occurrence + s_patience))
        {
            return;
        }

        var job = new PruneInput(pair, failed ?? PlacesOf(workloads[0]), occurrence, attempt);
        await client.EnsureScheduledAsync(PruneOrchestration.Name, job, job.InstanceId, cancellationToken);

        // After the orchestration exists: a crash in between finds it by its id. A lost race means that another tick did the same.
        _ = await log.TryWriteStateAsync(pair, new PruneState(1, occurrence, job), seen, cancellationToken);
    }

    // By equal rules, so that both hold the same.
    private static IReadOnlyList<PrunePlace> PlacesOf(PrunedWorkload workload) =>
        [.. new[] { workload.Active, workload.Active.Other() }.Select(role => new PrunePlace(workload.Plan.RepositoryIn(role), workload.Plan.RegionOf(role).Name))];

    private async Task<(DateTimeOffset Occurrence, int Attempt, IReadOnlyList<PrunePlace>? Failed)?> DueAsync(
        IReadOnlyList<RetentionPolicy> schedules, PruneState state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (schedules.Max(schedule => BackupSchedule.Due(schedule.Schedule, schedule.TimeZone, state.Last, now)) is { } occurrence)
        {
            return (occurrence, 1, null);
        }

        return state is { Job: { Attempt: < MostAttempts } job, ClosedAt: { } closed }
            && now >= closed + TimeSpan.FromMinutes(1 << job.Attempt)
            && await log.FindAsync(job, cancellationToken) is { } record
            && record.Places.Where(place => place.Error is not null).Select(place => place.Place).ToList() is { Count: > 0 } failed
                ? (state.Last, job.Attempt + 1, failed)
                : null;
    }
}
