namespace DrFunctions.Recovery.People;

/// <summary>Who must approve, and by when.</summary>
/// <param name="Required">How many distinct people; at least 1.</param>
/// <param name="Expiry">How long they have, from when approval was wanted; more than zero.</param>
public sealed record ApprovalRule(int Required, TimeSpan Expiry)
{
    /// <summary>Names of those who may approve; empty for everyone with the role. The role is needed in any case.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>Whether whoever started the run may be one of them.</summary>
    public bool StarterMayApprove { get; init; }

    /// <summary>What a decline does.</summary>
    public DeclineRule Decline { get; init; }

    /// <summary>What is wrong with the rule, naming field, value and what was expected; null when it can be fulfilled.</summary>
    public string? Mistake()
    {
        var distinct = Approvers.Distinct(StringComparer.OrdinalIgnoreCase).Count();
        return Required < 1 ? $"required: {Required}, expected at least 1."
            : Expiry <= TimeSpan.Zero ? $"expiry: {Expiry}, expected more than zero."
            : Approvers.FirstOrDefault(name => !CallerName.IsValid(name)) is { } name ? $"approvers: '{name}', expected {CallerName.Expected}."
            : distinct < Approvers.Count ? "approvers: a name is there twice, expected distinct names."
            : distinct > 0 && distinct < Required ? $"required: {Required} of {distinct} approvers, expected at most {distinct}."
            : null;
    }
}

/// <summary>What a decline does.</summary>
public enum DeclineRule
{
    /// <summary>One person who declines is enough.</summary>
    One,

    /// <summary>As many must decline as would have to approve, or so many of the named approvers that too few are left.</summary>
    AsManyAsApprove,
}
