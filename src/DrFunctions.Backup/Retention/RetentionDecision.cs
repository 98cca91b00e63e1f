namespace DrFunctions.Backup.Retention;

/// <summary>What becomes of a snapshot, and why.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Reasons">All that keep it; or the one why it goes.</param>
public sealed record RetentionDecision(Snapshot Snapshot, IReadOnlyList<RetentionReason> Reasons)
{
    /// <summary>Whether it stays.</summary>
    public bool IsKept => Reasons.Any(reason => reason.Keeps);

    /// <summary>Whether a person should look at it: it can be neither counted nor removed by rules.</summary>
    public bool NeedsAPerson => Reasons.Any(reason => reason.Cause == RetentionCause.Future);
}

/// <summary>Why a snapshot stays or goes.</summary>
/// <param name="Cause">The rule.</param>
/// <param name="Text">The same in words, with the values.</param>
public sealed record RetentionReason(RetentionCause Cause, string Text)
{
    /// <summary>Whether it is a reason to keep the snapshot.</summary>
    public bool Keeps => Cause is not (RetentionCause.NoRule or RetentionCause.Named);
}

/// <summary>The rules that decide. The names are part of what the command line prints as JSON.</summary>
public enum RetentionCause
{
    /// <summary>It goes: no rule keeps it.</summary>
    NoRule,

    /// <summary>It goes: a person named it.</summary>
    Named,

    /// <summary>Nobody asked about its workload or policy.</summary>
    NotAsked,

    /// <summary>A legal hold is on it or on its workload.</summary>
    Hold,

    /// <summary>Whoever prunes knows a reason of their own, such as that nothing newer is in both regions.</summary>
    Kept,

    /// <summary>Its restore point lies behind the time at which the storage says it was written: it is not what it says, and counts for nothing.</summary>
    Future,

    /// <summary><see cref="RetentionRules.Minimum"/>.</summary>
    Minimum,

    /// <summary><see cref="RetentionRules.Last"/>.</summary>
    Last,

    /// <summary><see cref="RetentionRules.Hourly"/>.</summary>
    Hourly,

    /// <summary><see cref="RetentionRules.Daily"/>.</summary>
    Daily,

    /// <summary><see cref="RetentionRules.Weekly"/>.</summary>
    Weekly,

    /// <summary><see cref="RetentionRules.Monthly"/>.</summary>
    Monthly,

    /// <summary><see cref="RetentionRules.Yearly"/>.</summary>
    Yearly,

    /// <summary><see cref="RetentionRules.Within"/>.</summary>
    Within,
}
