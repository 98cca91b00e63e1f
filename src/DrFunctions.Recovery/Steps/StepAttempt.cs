namespace DrFunctions.Recovery.Steps;

/// <summary>What one attempt at a step came to.</summary>
/// <param name="Outcome">Done, again or failed.</param>
/// <param name="Summary">What was done or seen, in words.</param>
/// <param name="Facts">What the journal keeps of it, by name; never a secret.</param>
/// <param name="After">How long to wait before the next attempt; zero unless the outcome is again.</param>
/// <param name="Code">Stable code of a failure, or of what is waited for.</param>
/// <param name="Hint">What the operator does next, of a failure.</param>
public sealed record StepAttempt(
    StepOutcome Outcome, string Summary, IReadOnlyDictionary<string, string> Facts, TimeSpan After, string? Code, string? Hint)
{
    private static readonly Dictionary<string, string> NoFacts = [];

    /// <summary>The step is done and verified.</summary>
    public static StepAttempt Done(string summary, IReadOnlyDictionary<string, string>? facts = null) =>
        new(StepOutcome.Done, summary, facts ?? NoFacts, TimeSpan.Zero, null, null);

    /// <summary>Not yet; attempt again while the step's timeout allows.</summary>
    public static StepAttempt Again(string code, string summary, TimeSpan after, string hint) =>
        new(StepOutcome.Again, summary, NoFacts, after, code, hint);

    /// <summary>No further attempt can help.</summary>
    public static StepAttempt Failed(string code, string summary, string hint) =>
        new(StepOutcome.Failed, summary, NoFacts, TimeSpan.Zero, code, hint);
}

/// <summary>Done, again or failed.</summary>
public enum StepOutcome
{
    /// <summary>Done and verified.</summary>
    Done,

    /// <summary>Not yet.</summary>
    Again,

    /// <summary>No further attempt can help.</summary>
    Failed,
}
