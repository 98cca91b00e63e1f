using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Objectives.Advice;

/// <summary>Findings about stores and their backups.</summary>
internal static class BackupAdvice
{
    public static IEnumerable<AdviceFinding> Of(WorkloadPlan plan, PlanMeasurements measured)
    {
        for (var index = 0; index < plan.Stores.Count; index++)
        {
            var store = plan.Stores[index];
            if (store is ContainerStore && plan.Backups.All(policy => policy.Store != store.Name))
            {
                yield return new AdviceFinding(
                    AdviceCodes.StoreWithoutBackup, AdviceKind.FallsShort, $"stores[{index}]",
                    $"'{store.Name}' has no backup: what is deleted or overwritten in it is lost, in every region that copies it.",
                    $"Add an item to backups with store: {store.Name}.");
            }
        }

        for (var index = 0; index < plan.Backups.Count; index++)
        {
            if (OfPolicy(plan, plan.Backups[index], measured, $"backups[{index}].schedule") is { } finding)
            {
                yield return finding;
            }
        }
    }

    private static AdviceFinding? OfPolicy(WorkloadPlan plan, BackupPolicy policy, PlanMeasurements measured, string path)
    {
        // Another policy of the same store may fill the pause; the shortest of a store's longest pauses is what it can rely on.
        var pauses = plan.Backups.Where(other => other.Store == policy.Store)
            .Select(other => measured.LongestPause.TryGetValue(other.Name, out var known) ? known : (TimeSpan?)null)
            .ToList();
        if (!measured.LongestPause.TryGetValue(policy.Name, out var pause) || pauses.Any(other => other < pause))
        {
            return null;
        }

        var rpo = plan.Objectives.Rpo;
        if (pause > rpo)
        {
            return new AdviceFinding(
                AdviceCodes.ScheduleAboveRpo, AdviceKind.FallsShort, path,
                $"'{policy.Schedule}' leaves up to {SpanText.Of(pause)} between backups, expected at most the RPO, {SpanText.Of(rpo)}.",
                "Back up more often, also in the pause, or relax the RPO.");
        }

        if (!measured.BackupTime.TryGetValue(policy.Name, out var time))
        {
            return new AdviceFinding(
                AdviceCodes.BackupTimeUnknown, AdviceKind.Unknown, path,
                $"How long '{policy.Name}' takes to back up and copy is not measured; up to {SpanText.Of(rpo - pause)} of the RPO is left for it.",
                "Advise on the applied plan once it has been backed up: dr plan advise WORKLOAD.");
        }

        return pause + time > rpo
            ? new AdviceFinding(
                AdviceCodes.BackupTooSlow, AdviceKind.FallsShort, path,
                $"'{policy.Name}' takes {SpanText.Of(time)} and pauses up to {SpanText.Of(pause)}: data may be {SpanText.Of(pause + time)} old, expected at most {SpanText.Of(rpo)}.",
                "Back up more often, divide the store, or replicate it.")
            : null;
    }
}
