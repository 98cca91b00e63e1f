using System.Globalization;
using DrFunctions.App.Durable;
using DrFunctions.Plans.Schedules;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Workloads;
using Microsoft.DurableTask.Client;

namespace DrFunctions.App.Backups;

/// <summary>Starts the backups that are due, one of a policy at a time.</summary>
public sealed class BackupStarts(IDocumentStore documents, TimeProvider time)
{
    /// <summary>Starts a policy's due backup. Idempotent: an occurrence has one orchestration, by its id.</summary>
    public async Task StartDueAsync(
        WorkloadPlan plan, string planVersion, BackupPolicy policy, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var key = ScheduleState.Key(plan.Workload, policy.Name);
        var seen = await documents.ReadAsync<ScheduleState>(key, cancellationToken);
        if (BackupSchedule.Due(policy.Schedule, policy.TimeZone, seen?.Value.Last, time.GetUtcNow()) is not { } due)
        {
            return;
        }

        // A backup that takes longer than its interval delays the next one instead of racing it.
        if (seen is { } && await client.GetInstanceAsync(seen.Value.InstanceId, cancellationToken) is { IsCompleted: false })
        {
            return;
        }

        var job = new BackupInput(
            plan.Workload, policy.Name, due.ToString("yyyyMMdd'T'HHmm'Z'", CultureInfo.InvariantCulture), planVersion);
        await client.EnsureScheduledAsync(BackupOrchestration.Name, job, job.InstanceId, cancellationToken);

        // After the orchestration exists: a crash in between finds it by its id. A lost race means that another tick did the same.
        _ = await documents.TryWriteAsync(key, new ScheduleState(1, due, job.InstanceId), seen, cancellationToken);
    }
}
