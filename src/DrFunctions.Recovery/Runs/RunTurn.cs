namespace DrFunctions.Recovery.Runs;

/// <summary>What an orchestrator is to do next. Small: it is kept in the durable history.</summary>
/// <param name="Kind">What.</param>
/// <param name="RunId">Whose steps: the run's own, or those of the run that it pre-empted.</param>
/// <param name="Steps">Indices of the steps, of an attempt or an undo.</param>
/// <param name="AfterSeconds">How long to wait at most, of a wait and of another attempt; 0 otherwise.</param>
/// <param name="Finding">What another attempt waits for: a stable code, a colon and words.</param>
public sealed record RunTurn(TurnKind Kind, string RunId, IReadOnlyList<int> Steps, double AfterSeconds, string? Finding)
{
    /// <summary>The run has ended, or is another's to end.</summary>
    public static RunTurn Done(string runId) => new(TurnKind.Done, runId, [], 0, null);

    /// <summary>The step has ended; others beside it may not have.</summary>
    public static RunTurn Settled(string runId) => new(TurnKind.Settled, runId, [], 0, null);

    /// <summary>The same step once more.</summary>
    public static RunTurn Again(string runId, int step, TimeSpan after, string finding) =>
        new(TurnKind.Again, runId, [step], after.TotalSeconds, finding);
}

/// <summary>What an orchestrator is to do.</summary>
public enum TurnKind
{
    /// <summary>Attempt the steps, side by side, each until its answer is not <see cref="Again"/>.</summary>
    Attempt,

    /// <summary>Undo the step.</summary>
    Undo,

    /// <summary>Wait, then do the same with the same step.</summary>
    Again,

    /// <summary>Ask for the next turn once the steps beside it have ended too.</summary>
    Settled,

    /// <summary>Wait until a person has decided, then ask for the next turn.</summary>
    Wait,

    /// <summary>Nothing.</summary>
    Done,
}
