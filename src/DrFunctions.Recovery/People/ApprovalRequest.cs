namespace DrFunctions.Recovery.People;

/// <summary>An approval that a run waits for.</summary>
/// <param name="Rule">Who must approve.</param>
/// <param name="Occasion">The sequence of the journal entry that asked; see <see cref="DecisionRecord.Occasion"/>.</param>
/// <param name="WantedAt">When it was asked.</param>
/// <param name="Starter">Who started the run.</param>
public sealed record ApprovalRequest(ApprovalRule Rule, long Occasion, DateTimeOffset WantedAt, CallerIdentity Starter)
{
    /// <summary>From this instant on it is too late.</summary>
    public DateTimeOffset ExpiresAt => WantedAt + Rule.Expiry;

    /// <summary>Why it can never be given, whoever decides; null when it can: the starter may be one of those whom the rule counts on.</summary>
    public string? Impossible()
    {
        var able = Able();
        return Rule.Approvers.Count > 0 && able < Rule.Required
            ? $"{Rule.Required} of {string.Join(", ", Rule.Approvers)} must approve, and '{Starter.Name}' started the run and may not"
            : null;
    }

    /// <summary>Why this caller's word would not count; null when it would. Time is not looked at.</summary>
    public string? ReasonAgainst(CallerIdentity caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return !caller.Authentication.IsPerson() ? $"'{caller.Name}' is a system, and only a person approves"
            : !caller.Roles.Allow(CallerRole.Approver) ? $"'{caller.Name}' has not the role 'approver'"
            : Rule.Approvers.Count > 0 && !Rule.Approvers.Contains(caller.Name, StringComparer.OrdinalIgnoreCase)
                ? $"'{caller.Name}' is not one of the approvers {string.Join(", ", Rule.Approvers)}"
            : !Rule.StarterMayApprove && caller.IsSamePersonAs(Starter) ? $"'{caller.Name}' started the run, and may not approve it"
            : null;
    }

    // How many of the named approvers may approve this run.
    internal int Able() => Rule.Approvers.Count(name =>
        Rule.StarterMayApprove || !string.Equals(name, Starter.Name, StringComparison.OrdinalIgnoreCase));
}
