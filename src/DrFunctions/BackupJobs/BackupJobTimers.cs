using DrFunctions.App.Backups;
using DrFunctions.Plans.Store;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Workloads;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DrFunctions.App.BackupJobs;

/// <summary>Looks after jobs that a process left lying, and has a part of both regions' repositories checked every day.</summary>
public sealed partial class BackupJobTimers(
    PlanIndex plans, BackupJobLog jobs, BackupJobStarts starts, CheckLog checks, BackupLog backups, TimeProvider time, ILogger<BackupJobTimers> logger)
{
    [Function("FollowBackupJobs")]
    public Task FollowAsync([TimerTrigger("20 */5 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) => EachAsync(
        async plan =>
        {
            foreach (var active in await jobs.ReadActiveAsync(plan.Workload, cancellationToken))
            {
                await starts.FollowAsync(active.Job, client, cancellationToken);
            }
        },
        cancellationToken);

    /// <summary>Has a part of each region's repository read, each on its own: a region whose check failed is tried again six hours later, until the day is over.</summary>
    [Function("CheckBackups")]
    public Task CheckAsync([TimerTrigger("40 20 3,9,15,21 * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) => EachAsync(
        async current =>
        {
            var plan = current.Plan;
            await jobs.SweepAsync(plan.Workload, cancellationToken);
            if (plan.Backups.Count == 0 || await backups.FindCopiedPointAsync(plan, plan.Backups[0], cancellationToken) is null)
            {
                return;
            }

            foreach (var role in new[] { RegionRole.Primary, RegionRole.Secondary })
            {
                var seen = await checks.ReadAsync(plan.Workload, plan.RegionOf(role).Name, cancellationToken);
                if (seen.Newest?.UtcDateTime.Date != time.GetUtcNow().UtcDateTime.Date)
                {
                    // A repository is of all policies: the first stands for them.
                    var request = new BackupJobRequest(BackupJobKind.Check, plan.Backups[0].Name, seen.Region, Part: seen.Oldest);
                    await starts.StartAsync(plan.Workload, current.Version, request, "timer", "a part of the data each day", null, client, cancellationToken);
                }
            }
        },
        cancellationToken);

    private async Task EachAsync(Func<CurrentPlan, Task> act, CancellationToken cancellationToken)
    {
        foreach (var plan in (await plans.ReadAsync(cancellationToken)).Plans)
        {
            try
            {
                await act(plan);
            }
            catch (RecoveryException failure)
            {
                LogFailed(plan.Workload, failure.Code, failure.Message); // The next time tries again.
            }
        }
    }

    [LoggerMessage(3301, LogLevel.Warning, "The backup jobs of {Workload} could not be looked after: {Code}, {Message}")]
    private partial void LogFailed(string workload, string code, string message);
}
