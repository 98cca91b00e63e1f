using DrFunctions.Recovery.Events;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.Backups;

/// <summary>Raises an event when the newest copy of a policy becomes older than the RPO.</summary>
public sealed class LateCopies(BackupLog log, WorkloadStates states, NoticeOutbox outbox, TimeProvider time)
{
    /// <summary>Looks at each policy of a plan that has a topic. Idempotent.</summary>
    public async Task LookAsync(WorkloadPlan plan, CancellationToken cancellationToken)
    {
        if (plan.NotifyTopic is null || (await states.ReadAsync(plan.Workload, cancellationToken)).Arriving)
        {
            return;
        }

        foreach (var policy in plan.Backups)
        {
            // One that was never copied is no late copy; its backups fail, or have not begun.
            var (newest, now) = (await log.FindCopiedPointAsync(plan, policy, cancellationToken), time.GetUtcNow());
            if (newest is { } point && ObjectiveVerdicts.OfLag(now - point, plan.Objectives.Rpo) == ObjectiveVerdict.Breached)
            {
                await outbox.RaiseAsync(plan.Workload, plan.NotifyTopic, BackupNotices.CopyLate(plan, policy.Name, point, now), cancellationToken);
            }
        }
    }
}
