using DrFunctions.Cli.Api;
using DrFunctions.Plans.Schedules;
using DrFunctions.Recovery.Estimates;
using DrFunctions.Recovery.Objectives.Advice;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cli.Plans;

/// <summary>What is known of a plan beside its text.</summary>
internal static class AdviceFacts
{
    /// <summary>Collects it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="runs">Past runs of the workload.</param>
    /// <param name="backups">Past backups of the workload.</param>
    public static PlanMeasurements Of(WorkloadPlan plan, IReadOnlyList<RunView> runs, IReadOnlyList<BackupView> backups)
    {
        var pauses = new Dictionary<string, TimeSpan>();
        foreach (var policy in plan.Backups)
        {
            if (SchedulePauses.Longest(policy.Schedule) is { } pause)
            {
                pauses[policy.Name] = pause;
            }
        }

        return new PlanMeasurements
        {
            LongestPause = pauses,

            // The slowest of them, since the RPO must hold on every day.
            BackupTime = backups
                .Where(backup => backup is { Error: null, BackupSeconds: not null, CopySeconds: not null })
                .GroupBy(backup => backup.Policy)
                .ToDictionary(all => all.Key, all => TimeSpan.FromSeconds(all.Max(one => (one.BackupSeconds ?? 0) + (one.CopySeconds ?? 0)))),
            StepTime = plan.Runbooks.Keys
                .SelectMany(runbook => StepTimes.Of(runs, runbook).Select(time => (Key: (runbook, time.Key), time.Value.Median)))
                .ToDictionary(time => time.Key, time => time.Median),
        };
    }
}
