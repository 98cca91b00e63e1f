using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DrFunctions.App.Backups;

/// <summary>One backup: a snapshot in the active region, then its verified copy in the other one.</summary>
public static class BackupOrchestration
{
    public const string Name = "Backup";

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private static readonly TaskOptions Retry = TaskOptions.FromRetryPolicy(
        new RetryPolicy(4, TimeSpan.FromSeconds(2), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromSeconds(30)));

    [Function(Name)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var job = context.GetInput<BackupInput>() ?? throw new ArgumentException("A backup needs its input.", nameof(context));
        foreach (var activity in new[] { BackupActivities.Begin, BackupActivities.Take, BackupActivities.Copy })
        {
            // Transient failures throw, so that the retry policy sees them; what is left is for people to read.
            var error = await TryAsync(context, activity, job);
            if (error is not null)
            {
                await context.CallActivityAsync(BackupActivities.Fail, new BackupFailure(job, error), Retry);
                return;
            }
        }
    }

    private static async Task<BackupError?> TryAsync(TaskOrchestrationContext context, string activity, BackupInput job)
    {
        try
        {
            for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                var error = await context.CallActivityAsync<BackupError?>(activity, job, Retry);
                if (error?.Code != BackupError.Busy.Code)
                {
                    return error;
                }

                // It waits here and not in the activity: a waiting activity would hold a place that an alert may need.
                await context.CreateTimer(context.CurrentUtcDateTime + pause, CancellationToken.None);
            }
        }
        catch (TaskFailedException exception)
        {
            return new BackupError("BackupFailed", exception.FailureDetails.ErrorMessage);
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
