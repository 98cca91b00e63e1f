namespace Microsoft.DurableTask;

/// <summary>Options of one task.</summary>
public record TaskOptions
{
    /// <summary>Options with a retry.</summary>
    public TaskOptions(TaskRetryOptions? retry) => Retry = retry;

    /// <summary>Options with a retry and tags.</summary>
    public TaskOptions(TaskRetryOptions? retry = null, IDictionary<string, string>? tags = null)
    {
        Retry = retry;
        Tags = tags;
    }

    /// <summary>Copies options.</summary>
    public TaskOptions(TaskOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Retry = options.Retry;
        Tags = options.Tags;
    }

    /// <summary>How the task is retried; null: not at all.</summary>
    public TaskRetryOptions? Retry { get; init; }

    /// <summary>Labels; not interpreted.</summary>
    public IDictionary<string, string>? Tags { get; init; }

    /// <summary>Options with a retry policy.</summary>
    public static TaskOptions FromRetryPolicy(RetryPolicy policy) => new(TaskRetryOptions.FromRetryPolicy(policy));

    /// <summary>Options with a retry handler.</summary>
    public static TaskOptions FromRetryHandler(AsyncRetryHandler handler) => new(TaskRetryOptions.FromRetryHandler(handler));

    /// <summary>Options with a retry handler.</summary>
    public static TaskOptions FromRetryHandler(RetryHandler handler) => new(TaskRetryOptions.FromRetryHandler(handler));

    /// <summary>These options for a sub-orchestration with a chosen instance id.</summary>
    public SubOrchestrationOptions WithInstanceId(string instanceId) => new(this, instanceId);
}

/// <summary>Options of a sub-orchestration.</summary>
public record SubOrchestrationOptions : TaskOptions
{
    /// <summary>Options with a retry and an instance id.</summary>
    public SubOrchestrationOptions(TaskRetryOptions? retry = null, string? instanceId = null)
        : base(retry) => InstanceId = instanceId;

    /// <summary>Other options with an instance id.</summary>
    public SubOrchestrationOptions(TaskOptions options, string? instanceId = null)
        : base(options) => InstanceId = instanceId ?? (options as SubOrchestrationOptions)?.InstanceId;

    /// <summary>Copies options.</summary>
    public SubOrchestrationOptions(SubOrchestrationOptions options)
        : base(options) => InstanceId = options.InstanceId;

    /// <summary>The instance id; null: derived from the parent, stable in replay.</summary>
    public string? InstanceId { get; init; }
}

/// <summary>Options of a new orchestration.</summary>
public record StartOrchestrationOptions
{
    /// <summary>Options with an instance id and a start time.</summary>
#pragma warning disable IDE1006, CA1707 // The official parameter names.
    public StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = null)
    {
        this.InstanceId = InstanceId;
        this.StartAt = StartAt;
    }
#pragma warning restore IDE1006, CA1707

    /// <summary>Copies options.</summary>
    public StartOrchestrationOptions(StartOrchestrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        InstanceId = options.InstanceId;
        StartAt = options.StartAt;
        Tags = options.Tags;
        DedupeStatuses = options.DedupeStatuses;
    }

    /// <summary>The instance id; null: a random one.</summary>
    public string? InstanceId { get; init; }

    /// <summary>When the orchestration starts; null: now.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Labels, shown in the metadata.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The statuses, by name, in which an instance of the same id is not replaced but refuses the start; null: only those of one that
    /// has not ended, which always refuses it.
    /// </summary>
    public IReadOnlyList<string>? DedupeStatuses { get; init; }
}
