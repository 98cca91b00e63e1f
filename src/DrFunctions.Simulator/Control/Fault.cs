namespace DrFunctions.Simulator.Control;

/// <summary>A scripted fault of Resource Manager, as <c>POST /faults</c> takes it.</summary>
public sealed record Fault
{
    /// <summary>The method it meets; absent, every method.</summary>
    public string? Method { get; init; }

    /// <summary>A regular expression that the path must match, ignoring case; absent, every path.</summary>
    public string? Path { get; init; }

    /// <summary>Whether it strikes before or after the request has taken effect; default before.</summary>
    public FaultPhase Phase { get; init; }

    /// <summary>What happens.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>The status answered by <see cref="FaultKind.Error"/>: 500 to 599, default 500.</summary>
    public int Status { get; init; } = 500;

    /// <summary>For <see cref="FaultKind.Throttle"/> the Retry-After, for <see cref="FaultKind.Delay"/> and <see cref="FaultKind.StallOperation"/> the delay; 0 to 3600 s, default 10.</summary>
    public int Seconds { get; init; } = 10;

    /// <summary>The error code that a failed or canceled operation ends with; absent, one of the simulator's.</summary>
    public string? Code { get; init; }

    /// <summary>The error message that a failed or canceled operation ends with; absent, one of the simulator's.</summary>
    public string? Message { get; init; }

    /// <summary>How many requests it meets before it is used up: 1 or more, default 1.</summary>
    public int Count { get; init; } = 1;
}

/// <summary>When a fault strikes.</summary>
public enum FaultPhase
{
    /// <summary>The request has no effect.</summary>
    Before,

    /// <summary>The request has taken effect and its answer is lost, late or replaced.</summary>
    After,
}

/// <summary>What a fault does.</summary>
public enum FaultKind
{
    /// <summary>The answer is late.</summary>
    Delay,

    /// <summary>The connection is closed without an answer.</summary>
    Drop,

    /// <summary>429 with Retry-After.</summary>
    Throttle,

    /// <summary>A 5xx status.</summary>
    Error,

    /// <summary>The asynchronous operation that the request begins ends as Failed; it takes no effect. The phase does not matter.</summary>
    FailOperation,

    /// <summary>The asynchronous operation that the request begins ends as Canceled; it takes no effect. The phase does not matter.</summary>
    CancelOperation,

    /// <summary>The asynchronous operation that the request begins takes that much longer. The phase does not matter.</summary>
    StallOperation,
}
