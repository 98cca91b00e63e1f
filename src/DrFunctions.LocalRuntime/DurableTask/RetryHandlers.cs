namespace Microsoft.DurableTask;

/// <summary>What a retry handler is told about the attempt that failed.</summary>
/// <param name="OrchestrationContext">The orchestration.</param>
/// <param name="LastAttemptNumber">The attempt that failed; the first is 1.</param>
/// <param name="LastFailure">How it failed.</param>
/// <param name="TotalRetryTime">Time since the first attempt, by the orchestration's clock.</param>
/// <param name="CancellationToken">Never cancelled.</param>
public record RetryContext(
    TaskOrchestrationContext OrchestrationContext,
    int LastAttemptNumber,
    TaskFailureDetails LastFailure,
    TimeSpan TotalRetryTime,
    CancellationToken CancellationToken);

/// <summary>Says whether a failed task is tried again; must be deterministic.</summary>
public delegate bool RetryHandler(RetryContext retryContext);

/// <summary>Says whether a failed task is tried again, after any durable pause it awaits; must be deterministic.</summary>
public delegate Task<bool> AsyncRetryHandler(RetryContext retryContext);
