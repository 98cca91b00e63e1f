namespace DrFunctions.Recovery.Runs;

/// <summary>What a person has a run do.</summary>
/// <param name="Kind">What.</param>
/// <param name="Step">The step's name, of a retry and a skip; null otherwise.</param>
/// <param name="By">Who.</param>
/// <param name="Reason">Why.</param>
public sealed record RunCommand(CommandKind Kind, string? Step, string By, string Reason)
{
    /// <summary>The directory's own id of the person; null where there is no directory.</summary>
    public string? ObjectId { get; init; }

    /// <summary>The pause that is decided upon, by <see cref="RunPause.Occasion"/>; null for whichever the run is in.</summary>
    public int? Occasion { get; init; }

    /// <summary>Fields of the step that a retry changes, as a plan would write them; <c>timeout</c> is one of every step.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The step's new timeout, of a retry that changes it.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The rule that is knowingly broken: <c>fence</c>, of a skip of a fence; null otherwise.</summary>
    public string? Overrides { get; init; }
}

/// <summary>What a person can have a run do.</summary>
public enum CommandKind
{
    /// <summary>Do a failed step again.</summary>
    Retry,

    /// <summary>Go on without a failed step.</summary>
    Skip,

    /// <summary>Undo what was done, back to the point of no return, and wait.</summary>
    Undo,

    /// <summary>Do the failed steps again, and from now on without the old primary's word.</summary>
    Force,

    /// <summary>Undo what can be undone, and end.</summary>
    Cancel,
}
