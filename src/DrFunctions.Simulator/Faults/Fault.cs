namespace DrFunctions.Simulator.Faults;

/// <summary>
/// One scripted fault: where it strikes (<see cref="On"/> and the members that narrow it), what happens (<see cref="Kind"/> and
/// its details), when and how often. Which members go together is said in docs/simulator.md.
/// </summary>
/// <remarks>All times are of the simulator's clock, counted from when the fault was added (from the start for those of the start's script).</remarks>
public sealed record Fault
{
    /// <summary>Its name in lists and in the request log, letters, digits, <c>-</c>, <c>_</c> and <c>.</c>; default <c>fault-1</c>, <c>fault-2</c>, …</summary>
    public string? Id { get; init; }

    /// <summary>What it strikes.</summary>
    public required FaultTarget On { get; init; }

    /// <summary>What happens.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>Which one: a region, a web app, a DNS name or <c>{profile}/{endpoint}</c> of a probe, ignoring case; absent, all of them. A region must be named.</summary>
    public string? Name { get; init; }

    /// <summary>The HTTP method it meets, ignoring case; absent, every method.</summary>
    public string? Method { get; init; }

    /// <summary>A regular expression that some part of the path must match, ignoring case; absent, every path.</summary>
    public string? Path { get; init; }

    /// <summary>The resource type it meets, such as <c>Microsoft.Web/sites</c>, ignoring case; absent, every type.</summary>
    public string? ResourceType { get; init; }

    /// <summary>Whether it strikes before or after the request has taken effect; default before.</summary>
    public FaultPhase Phase { get; init; }

    /// <summary>How many matching requests pass before it strikes; 0 or more, default 0.</summary>
    public int Skip { get; init; }

    /// <summary>How often it strikes until it is used up; 1 or more; absent, as long as it is active.</summary>
    public int? Count { get; init; }

    /// <summary>The HTTP status answered: 400 to 599, default 500; for <see cref="FaultKind.Body"/> 200 to 599, default 200.</summary>
    public int? Status { get; init; }

    /// <summary>The error code that Resource Manager answers, or that an operation ends with; absent, one of the simulator's.</summary>
    public string? Code { get; init; }

    /// <summary>The error message that Resource Manager answers, or that an operation ends with; absent, one of the simulator's.</summary>
    public string? Message { get; init; }

    /// <summary>The whole body that a web app answers.</summary>
    public string? Body { get; init; }

    /// <summary>How late it is, 0 to 1 day; also before a drop or an answer of the fault.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>The Retry-After that is sent, whole seconds up to 1 hour; default 10 s when throttled, else none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>When it becomes active, 0 or more; default 0, at once.</summary>
    public TimeSpan At { get; init; }

    /// <summary>How long it is active; more than 0; absent, until it is removed.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>When it ceases, later than <see cref="At"/>; instead of <see cref="For"/>.</summary>
    public TimeSpan? Until { get; init; }

    /// <summary>The id of an earlier fault: times count from when that one first struck (a dark one: from when it began), and until then this one waits.</summary>
    public string? After { get; init; }
}

/// <summary>What a fault strikes.</summary>
public enum FaultTarget
{
    /// <summary>Requests to Resource Manager.</summary>
    ResourceManager,

    /// <summary>Asynchronous operations that Resource Manager has accepted.</summary>
    Operation,

    /// <summary>A region's web endpoints.</summary>
    Region,

    /// <summary>DNS queries.</summary>
    Dns,

    /// <summary>Requests to a web app, probes among them.</summary>
    Site,

    /// <summary>Traffic Manager's probes of an endpoint, and no other request.</summary>
    Probe,
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
    /// <summary>Nothing listens there: connections are refused or closed at once.</summary>
    Dark,

    /// <summary>The answer is late.</summary>
    Delay,

    /// <summary>The connection is closed, or the query forgotten, without an answer.</summary>
    Drop,

    /// <summary>No answer comes while the fault is active; then the connection is closed. An operation does not end.</summary>
    Hang,

    /// <summary>429 with Retry-After.</summary>
    Throttle,

    /// <summary>An error status.</summary>
    Error,

    /// <summary>An answer with a body of its own instead of the right one.</summary>
    Body,

    /// <summary>DNS: a server failure.</summary>
    ServFail,

    /// <summary>DNS: the answer as it was before the fault.</summary>
    Stale,

    /// <summary>An operation ends as failed, without its effect.</summary>
    Fail,

    /// <summary>An operation ends as canceled, without its effect.</summary>
    Cancel,
}
