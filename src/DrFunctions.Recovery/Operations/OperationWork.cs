namespace DrFunctions.Recovery.Operations;

/// <summary>What one step asks of Resource Manager.</summary>
public sealed record OperationWork
{
    /// <summary>What it is, as a message names it: <c>the promotion of 'shop-ne'</c>.</summary>
    public required string What { get; init; }

    /// <summary>Reads the resource and says how it stands to what is wanted.</summary>
    public required Func<CancellationToken, Task<OperationTarget>> ReadAsync { get; init; }

    /// <summary>Sends the request, once: it is not repeated when its answer is lost.</summary>
    public required Func<CancellationToken, Task<BegunOperation>> BeginAsync { get; init; }

    /// <summary>
    /// How long a request whose answer was lost may still take effect unseen; it is not sent again before. Zero, the default, where the
    /// service refuses a second one or does the same again.
    /// </summary>
    public TimeSpan Settles { get; init; }

    /// <summary>True for what undoes the step; it has an operation of its own.</summary>
    public bool IsUndo { get; init; }

    /// <summary>What tells several operations of one step apart, as a key of documents; null, the default, for its only one.</summary>
    public string? Part { get; init; }

    /// <summary>
    /// What the journal keeps of a request that was sent, such as the restore point that it goes back to. A target that was reached
    /// without a request of this run has none of it. Default: nothing.
    /// </summary>
    public Dictionary<string, string> Facts { get; init; } = [];
}

/// <summary>How a resource stands to what a step wants of it.</summary>
/// <param name="State">Whether it is there.</param>
/// <param name="Summary">What was seen, in words.</param>
public sealed record OperationTarget(TargetState State, string Summary)
{
    private static readonly Dictionary<string, string> NoFacts = [];

    /// <summary>What the journal keeps, of one that is reached.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = NoFacts;

    /// <summary>Stable code, of one that cannot be reached.</summary>
    public string Code { get; init; } = "";

    /// <summary>What the operator does next, of one that cannot be reached.</summary>
    public string Hint { get; init; } = "";

    /// <summary>The resource is as wanted, verified by reading it.</summary>
    public static OperationTarget Reached(string summary, IReadOnlyDictionary<string, string>? facts = null) =>
        new(TargetState.Reached, summary) { Facts = facts ?? NoFacts };

    /// <summary>An operation, of this run or of somebody else, changes the resource now.</summary>
    public static OperationTarget Changing(string summary) => new(TargetState.Changing, summary);

    /// <summary>The resource is not as wanted, and the request may be sent.</summary>
    public static OperationTarget Open(string summary) => new(TargetState.Open, summary);

    /// <summary>The resource can never be as wanted.</summary>
    public static OperationTarget Impossible(string code, string summary, string hint) =>
        new(TargetState.Impossible, summary) { Code = code, Hint = hint };
}

/// <summary>Whether a resource is as wanted.</summary>
public enum TargetState
{
    /// <summary>As wanted.</summary>
    Reached,

    /// <summary>Being changed.</summary>
    Changing,

    /// <summary>Not as wanted.</summary>
    Open,

    /// <summary>Never as wanted.</summary>
    Impossible,
}
