using DrFunctions.App.Backups;
using DrFunctions.Plans.Store;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Workloads;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DrFunctions.App.BackupJobs;

/// <summary>Looks after jobs that a process left lying, and has a part of each repository checked every day.</summary>
public sealed partial class BackupJobTimers(
    PlanIndex plans, BackupJobLog jobs, BackupJobStarts starts, CheckLog checks, BackupLog backups, TimeProvider time, ILogger<BackupJobTimers> logger)
{
    // A day has a check, however much later than the day before it began.
    private static readonly TimeSpan NearlyADay = TimeSpan.FromHours(20);

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

    [Function("CheckBackups")]
    public Task CheckAsync([TimerTrigger("40 20 3 * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) => EachAsync(
        async current =>
        {
            var plan = current.Plan;
            await jobs.SweepAsync(plan.Workload, cancellationToken);
            if (plan.Backups.Count == 0 || await backups.FindCopiedPointAsync(plan, plan.Backups[0], cancellationToken) is null)
            {
                return;
            }

            // One after the other: two checks of a policy do not run at once, and the one that waits is longer overdue the day after.
            var due = new List<CheckState>();
            foreach (var role in new[] { RegionRole.Primary, RegionRole.Secondary })
            {
                due.Add(await checks.ReadAsync(plan.Workload, plan.RegionOf(role).Name, cancellationToken));
            }

            foreach (var state in due.Where(state => time.GetUtcNow() - state.Newest is not { } ago || ago > NearlyADay).OrderBy(state => state.Newest))
            {
                var request = new BackupJobRequest(BackupJobKind.Check, plan.Backups[due.IndexOf(state) % plan.Backups.Count].Name, state.Region, Part: state.Oldest);
                await starts.StartAsync(plan.Workload, current.Version, request, "timer", "a part of the data each day", null, client, cancellationToken);
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
