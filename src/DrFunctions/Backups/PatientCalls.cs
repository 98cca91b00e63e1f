using Microsoft.DurableTask;

namespace DrFunctions.App.Backups;

/// <summary>Calls of activities that read and write much: transient failures are tried again, and who finds all places taken waits for one.</summary>
internal static class PatientCalls
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Four attempts: transient failures throw, so that it sees them.</summary>
    public static TaskOptions Retry { get; } = TaskOptions.FromRetryPolicy(
        new RetryPolicy(4, TimeSpan.FromSeconds(2), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromSeconds(30)));

    /// <summary>Calls an activity.</summary>
    /// <param name="context">The orchestration.</param>
    /// <param name="activity">The activity's name.</param>
    /// <param name="input">Its input.</param>
    /// <param name="code">The error's code when the last attempt threw.</param>
    /// <param name="errorOf">The error in an answer; <see cref="BackupError.Busy"/> means that it waits.</param>
    /// <param name="failed">What the answer is when the last attempt threw: what is left is for people to read.</param>
    public static async Task<T> AskAsync<T>(
        this TaskOrchestrationContext context,
        string activity,
        object input,
        string code,
        Func<T, BackupError?> errorOf,
        Func<BackupError, T> failed)
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
            return failed(new BackupError(code, exception.FailureDetails.ErrorMessage));
        }
    }
}
