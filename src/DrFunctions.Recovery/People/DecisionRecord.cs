using System.Globalization;

namespace DrFunctions.Recovery.People;

/// <summary>What a person decided about a run. Written once, never changed.</summary>
/// <param name="Schema">1.</param>
/// <param name="RunId">The run.</param>
/// <param name="Step">The step, from 0; null for the run as a whole.</param>
/// <param name="Occasion">
/// What was decided upon: the sequence of the journal entry that asked (the pause, the wanted approval); 0 where nothing asked.
/// A decision counts for its occasion only: the retry of one failure is not the retry of the next.
/// </param>
/// <param name="Kind">What.</param>
/// <param name="By">Who, and how that is known.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="Reason">Why, in the person's words.</param>
public sealed record DecisionRecord(
    int Schema, string RunId, int? Step, long Occasion, DecisionKind Kind, CallerIdentity By, DateTimeOffset At, string Reason)
{
    /// <summary>The rule that is overridden; only of <see cref="DecisionKind.Override"/>.</summary>
    public string? Rule { get; init; }

    /// <summary>Parameters that a retry changes; null when it changes none.</summary>
    public IReadOnlyDictionary<string, string>? Changes { get; init; }

    /// <summary>The document's key: <c>runs/{id}/decisions/{step or run}/{occasion}/{kind}[-{rule}]-{person}</c>.</summary>
    public string Key()
    {
        var rule = Rule is null ? "" : $"-{CallerName.ToKeyPart(Rule)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{DecisionLog.Prefix(RunId, Step)}{Occasion:D6}/{Kind.ToString().ToLowerInvariant()}{rule}-{CallerName.ToKeyPart(By.Name)}");
    }
}

/// <summary>What a person can decide about a run.</summary>
public enum DecisionKind
{
    /// <summary>The run may go on.</summary>
    Approve,

    /// <summary>The run must not go on.</summary>
    Decline,

    /// <summary>The run may go on although <see cref="DecisionRecord.Rule"/> says no.</summary>
    Override,

    /// <summary>The failed step is to be tried again.</summary>
    Retry,

    /// <summary>The failed step is to be left out.</summary>
    Skip,

    /// <summary>What was done is to be undone.</summary>
    Undo,

    /// <summary>The run is to go on in forced mode.</summary>
    Force,

    /// <summary>The run is to stop at the next opportunity.</summary>
    Cancel,
}
