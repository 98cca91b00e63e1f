using System.Globalization;
using DrFunctions.App.Durable;
using DrFunctions.Plans.Schedules;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Events;
using DrFunctions.Recovery.Workloads;
using Microsoft.DurableTask.Client;

namespace DrFunctions.App.Backups;

/// <summary>Starts the backups that are due, one of a policy at a time.</summary>
public sealed class BackupStarts(IDocumentStore documents, BackupLog log, NoticeOutbox outbox, TimeProvider time)
{
    // By then attempts come once an hour, and somebody should know.
    private const int PatientAttempts = 7;

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>
    /// Starts a policy's due backup, or tries the last one again when it failed and its pause is over. Idempotent: an attempt of an
    /// occurrence has one orchestration, by its id.
    /// </summary>
    public async Task StartDueAsync(
        WorkloadPlan plan, string planVersion, BackupPolicy policy, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var key = ScheduleState.Key(plan.Workload, policy.Name);
        var seen = await documents.ReadAsync<ScheduleState>(key, cancellationToken);
        var (due, attempt) = (BackupSchedule.Due(policy.Schedule, policy.TimeZone, seen?.Value.Last, time.GetUtcNow()), 1);
        if (seen is { Value: var last })
        {
            // A backup that takes longer than its interval delays the next one instead of racing it.
            var instance = await client.GetInstanceAsync(last.InstanceId, cancellationToken);
            if (instance is { IsCompleted: false })
            {
                return;
            }

            if (due is null && await IsToBeTriedAgainAsync(plan.Workload, policy.Name, last, instance?.LastUpdatedAt, cancellationToken))
            {
                (due, attempt) = (last.Last, last.Attempt + 1);
            }
        }

        if (due is not { } occurrence)
        {
            return;
        }

        if (seen is { Value: var before } && (attempt == 1 || attempt > PatientAttempts))
        {
            await TellFailedAsync(plan, policy.Name, before, cancellationToken);
        }

        var job = new BackupInput(plan.Workload, policy.Name, Name(occurrence, attempt), planVersion);
        await client.EnsureScheduledAsync(BackupOrchestration.Name, job, job.InstanceId, cancellationToken);

        // After the orchestration exists: a crash in between finds it by its id. A lost race means that another tick did the same.
        _ = await documents.TryWriteAsync(key, new ScheduleState(1, occurrence, job.InstanceId, attempt), seen, cancellationToken);
    }

    private async Task TellFailedAsync(WorkloadPlan plan, string policy, ScheduleState before, CancellationToken cancellationToken)
    {
        if (plan.NotifyTopic is { } topic
            && await log.FindAsync(plan.Workload, policy, Name(before.Last, before.Attempt), cancellationToken) is var record
            && record?.State != BackupState.Copied)
        {
            await outbox.RaiseAsync(plan.Workload, topic, BackupNotices.Failed(plan.Workload, policy, before.Last, record, time.GetUtcNow()), cancellationToken);
        }
    }

    // Whatever ended without a copy in both regions: failed, terminated, or never recorded.
    private async Task<bool> IsToBeTriedAgainAsync(
        string workload, string policy, ScheduleState last, DateTimeOffset? ended, CancellationToken cancellationToken) =>
        time.GetUtcNow() >= (ended ?? last.Last) + PauseAfter(last.Attempt)
        && await log.FindAsync(workload, policy, Name(last.Last, last.Attempt), cancellationToken) is not { State: BackupState.Copied };

    // 1, 2, 4 ... minutes.
    private static TimeSpan PauseAfter(int attempt) =>
        attempt > 6 ? LongestPause : TimeSpan.FromMinutes(1 << (attempt - 1));

    // An attempt has its own orchestration, record and snapshot, so that one that was given up cannot meddle with the next.
    private static string Name(DateTimeOffset occurrence, int attempt)
    {
        var name = occurrence.ToString("yyyyMMdd'T'HHmm'Z'", CultureInfo.InvariantCulture);
        return attempt == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{attempt:D3}");
    }
}
