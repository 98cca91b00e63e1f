namespace Microsoft.DurableTask.Client;

/// <summary>How to terminate.</summary>
/// <param name="Output">The output to record.</param>
/// <param name="Recursive">Whether sub-orchestrations are terminated as well.</param>
public record TerminateInstanceOptions(object? Output = null, bool Recursive = false);

/// <summary>How to purge.</summary>
/// <param name="Recursive">Whether sub-orchestrations are purged as well.</param>
public record PurgeInstanceOptions(bool Recursive = false);

/// <summary>Which orchestrations to purge; only finished ones are.</summary>
/// <param name="CreatedFrom">Only those created at this time or later.</param>
/// <param name="CreatedTo">Only those created at this time or earlier.</param>
/// <param name="Statuses">Only those in one of these states; null: every finished one.</param>
public record PurgeInstancesFilter(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null);

/// <summary>What a purge has removed.</summary>
public class PurgeResult
{
    /// <summary>A count.</summary>
    public PurgeResult(int count)
        : this(count, null)
    {
    }

    /// <summary>A count, and whether all that matched is gone.</summary>
    public PurgeResult(int count, bool? isComplete)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        PurgedInstanceCount = count;
        IsComplete = isComplete;
    }

    /// <summary>How many instances were removed.</summary>
    public int PurgedInstanceCount { get; }

    /// <summary>Whether all that matched is gone; null: unknown.</summary>
    public bool? IsComplete { get; }
}
