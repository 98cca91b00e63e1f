using DrFunctions.Recovery.Runs;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.Runs;

/// <summary>The activities of a run. They bind and call; see <see cref="RunExecution"/>.</summary>
public sealed class RunActivities(RunExecution execution, TimeProvider time)
{
    public const string Begin = "BeginRun";
    public const string Attempt = "AttemptStep";
    public const string Fail = "FailStep";
    public const string End = "EndRun";

    // Below host.json's functionTimeout, so that an attempt ends here, with its reason, and not in the host.
    private static readonly TimeSpan LongestAttempt = TimeSpan.FromMinutes(85);

    [Function(Begin)]
    public Task<RunOutline?> BeginAsync([ActivityTrigger] RunInput run, CancellationToken cancellationToken) =>
        execution.BeginAsync(run.Workload, run.RunId, cancellationToken);

    [Function(Attempt)]
    public async Task<StepReport> AttemptAsync([ActivityTrigger] StepInput step, CancellationToken cancellationToken)
    {
        var left = new DateTimeOffset(DateTime.SpecifyKind(step.Deadline, DateTimeKind.Utc)) - time.GetUtcNow();
        var limit = left < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : left > LongestAttempt ? LongestAttempt : left;
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await execution.AttemptAsync(step.Run.Workload, step.Run.RunId, step.Index, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new StepReport(StepNext.Again, 0, "AttemptTimedOut", $"one attempt took longer than {limit}");
        }
    }

    [Function(Fail)]
    public Task<StepReport> FailAsync([ActivityTrigger] StepFailure failure, CancellationToken cancellationToken) =>
        execution.FailAsync(
            failure.Run.RunId,
            failure.Index,
            failure.Code,
            failure.Message,
            "Read the step's last finding, mend its cause, then start the run again: done steps recognise their work.",
            cancellationToken);

    [Function(End)]
    public Task EndAsync([ActivityTrigger] RunInput run, CancellationToken cancellationToken) =>
        execution.EndAsync(run.Workload, run.RunId, cancellationToken);
}
