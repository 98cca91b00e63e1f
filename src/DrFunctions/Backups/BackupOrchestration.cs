using System.Security.Cryptography;
using System.Text;
using DrFunctions.Backup.Shards;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DrFunctions.App.Backups;

/// <summary>One backup: a snapshot in the active region, taken in shards, then its verified copy in the other one.</summary>
public static class BackupOrchestration
{
    public const string Name = "Backup";

    // More instances than most have; each takes as many as its slots allow.
    private const int ShardsAtOnce = 32;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private static readonly TaskOptions Retry = TaskOptions.FromRetryPolicy(
        new RetryPolicy(4, TimeSpan.FromSeconds(2), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromSeconds(30)));

    [Function(Name)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var job = context.GetInput<BackupInput>() ?? throw new ArgumentException("A backup needs its input.", nameof(context));
        var error = await DoAsync(context, BackupActivities.Begin, job)
            ?? await TakeAsync(context, job)
            ?? await DoAsync(context, ShardActivities.Commit, job)
            ?? await DoAsync(context, BackupActivities.Copy, job);
        if (error is not null)
        {
            await context.CallActivityAsync(BackupActivities.Fail, new BackupFailure(job, error), Retry);
        }
    }

    // Shards are taken while others are still being planned.
    private static async Task<BackupError?> TakeAsync(TaskOrchestrationContext context, BackupInput job)
    {
        var running = new List<Task<BackupError?>>();
        for (ShardPosition? at = null; ;)
        {
            var planned = await AskAsync(context, ShardActivities.Plan, new ShardsInput(job, at), answer => answer.Error, error => new ShardsPlanned(null, error));
            if (planned.Plan is not { } plan)
            {
                return planned.Error;
            }

            foreach (var shard in plan.Shards)
            {
                if (running.Count == ShardsAtOnce && await TakeOneAsync(running) is { } failed)
                {
                    return failed;
                }

                running.Add(TakeAsync(context, job, shard));
            }

            if ((at = plan.Next) is null)
            {
                break;
            }
        }

        while (running.Count > 0)
        {
            if (await TakeOneAsync(running) is { } failed)
            {
                return failed;
            }
        }

        return null;
    }

    private static async Task<BackupError?> TakeOneAsync(List<Task<BackupError?>> running)
    {
        var ended = await Task.WhenAny(running);
        running.Remove(ended);
        return await ended;
    }

    private static async Task<BackupError?> TakeAsync(TaskOrchestrationContext context, BackupInput job, BackupShard shard)
    {
        for (BackupShard? left = shard; left is not null;)
        {
            var done = await AskAsync(context, ShardActivities.Take, new ShardInput(job, left), answer => answer.Error, error => new ShardDone(null, error));
            if (done.Taken is not { } taken)
            {
                return done.Error;
            }

            left = taken.Rest;
        }

        return null;
    }

    private static Task<BackupError?> DoAsync(TaskOrchestrationContext context, string activity, BackupInput job) =>
        AskAsync<BackupError?>(context, activity, job, answer => answer, error => error);

    // Transient failures throw, so that the retry policy sees them; what is left is for people to read.
    private static async Task<T> AskAsync<T>(
        TaskOrchestrationContext context, string activity, object input, Func<T, BackupError?> errorOf, Func<BackupError, T> failed)
    {
        try
        {
            for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                var answer = await context.CallActivityAsync<T>(activity, input, Retry);
                if (errorOf(answer)?.Code != BackupError.Busy.Code)
                {
                    return answer;
                }

                // It waits here and not in the activity: a waiting activity would hold a place that an alert may need.
                await context.CreateTimer(context.CurrentUtcDateTime + pause, CancellationToken.None);
            }
        }
        catch (TaskFailedException exception)
        {
            return failed(new BackupError("BackupFailed", exception.FailureDetails.ErrorMessage));
        }
    }
}

/// <summary>Which backup.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Policy">The policy.</param>
/// <param name="Occurrence">The occurrence, as <c>yyyyMMddTHHmmZ</c>; <c>-002</c> and so on for further attempts.</param>
/// <param name="PlanVersion">The plan it is done by.</param>
public sealed record BackupInput(string Workload, string Policy, string Occurrence, string PlanVersion)
{
    // An instance id has at most 100 characters; two names may have 81, and the occurrence is not all that follows them.
    private const int LongestNames = 64;

    /// <summary>The orchestration's instance id; long names are known by their hash in it.</summary>
    public string InstanceId => $"backup-{Names}_{Occurrence}";

    /// <summary>The snapshot's id. Names may hold '-', so that it cannot keep two of them apart; '_' they may not.</summary>
    public string SnapshotId => $"{Workload}_{Policy}_{Occurrence}".ToLowerInvariant();

    private string Names => $"{Workload}_{Policy}" is { Length: <= LongestNames } names
        ? names
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Workload}_{Policy}")))[..40];
}

/// <summary>Why a backup is given up.</summary>
/// <param name="Job">The backup.</param>
/// <param name="Error">Why.</param>
public sealed record BackupFailure(BackupInput Job, BackupError Error);
