namespace DrFunctions.Recovery.Incidents;

/// <summary>What follows from an incident at one moment.</summary>
/// <param name="Decision">Start, wait or blocked.</param>
/// <param name="Rules">Every rule with its value, in the order they were judged.</param>
/// <param name="ConditionsHold">Whether the red and the green conditions hold at this moment.</param>
public sealed record Verdict(Decision Decision, IReadOnlyList<Rule> Rules, bool ConditionsHold)
{
    /// <summary>Until when it is worth waiting for what a person or a calendar holds up; null when nothing of the kind does.</summary>
    public DateTimeOffset? WorthUntil { get; init; }

    /// <summary>The rules that did not pass, in words; empty when all did.</summary>
    public string Reason => string.Join("; ", Rules.Where(rule => !rule.Passed).Select(rule => $"{rule.Name}: {rule.Found}, expected {rule.Expected}"));
}

/// <summary>Start, wait or blocked.</summary>
public enum Decision
{
    /// <summary>Not yet: look again.</summary>
    Wait,

    /// <summary>Every rule passed.</summary>
    Start,

    /// <summary>A rule forbids a run; waiting does not help.</summary>
    Blocked,
}

/// <summary>One rule and what it found.</summary>
/// <param name="Name">Stable name.</param>
/// <param name="Passed">Whether it allows a run.</param>
/// <param name="Found">What was found.</param>
/// <param name="Expected">What was expected.</param>
public sealed record Rule(string Name, bool Passed, string Found, string Expected)
{
    /// <summary>The name to override it by; null for a rule that nobody can override.</summary>
    public string? Override { get; init; }

    /// <summary>Who overrode it, when it would not have passed otherwise.</summary>
    public string? OverriddenBy { get; init; }
}
