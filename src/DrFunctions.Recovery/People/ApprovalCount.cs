namespace DrFunctions.Recovery.People;

/// <summary>Where an approval stands. Pure: the same decisions and the same time give the same count, in whatever order they came.</summary>
/// <param name="Outcome">Whether the run may go on.</param>
/// <param name="Approved">Who approved, oldest first; each person once.</param>
/// <param name="Declined">Who declined, oldest first; each person once.</param>
/// <param name="Missing">How many must still approve.</param>
/// <param name="ExpiresAt">From this instant on it is too late.</param>
/// <param name="Ignored">Decisions that do not count, and why.</param>
public sealed record ApprovalCount(
    ApprovalOutcome Outcome,
    IReadOnlyList<string> Approved,
    IReadOnlyList<string> Declined,
    int Missing,
    DateTimeOffset ExpiresAt,
    IReadOnlyList<string> Ignored)
{
    /// <summary>
    /// Counts. Who declined does not approve any more, whichever came first. A decision counts by the time it was recorded: one
    /// from before the expiry counts also when it is read after it.
    /// </summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="decisions">All decisions about the step; those of other occasions and kinds are passed over.</param>
    /// <param name="now">The time of counting.</param>
    public static ApprovalCount Of(ApprovalRequest request, IEnumerable<DecisionRecord> decisions, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (approving, declining, ignored) = (new List<CallerIdentity>(), new List<CallerIdentity>(), new List<string>());
        foreach (var decision in decisions
            .Where(decision => decision.Occasion == request.Occasion && decision.Kind is DecisionKind.Approve or DecisionKind.Decline)
            .OrderBy(decision => decision.At).ThenBy(decision => decision.Key(), StringComparer.Ordinal))
        {
            var against = request.ReasonAgainst(decision.By)
                ?? (decision.At >= request.ExpiresAt ? $"'{decision.By.Name}' was late" : null);
            var side = decision.Kind == DecisionKind.Approve ? approving : declining;
            if (against is not null)
            {
                ignored.Add(against);
            }
            else if (!side.Exists(decision.By.IsSamePersonAs))
            {
                side.Add(decision.By);
            }
        }

        approving.RemoveAll(person => declining.Exists(person.IsSamePersonAs));
        var rule = request.Rule;
        var outcome = IsDeclined(request, declining) ? ApprovalOutcome.Declined
            : approving.Count >= rule.Required ? ApprovalOutcome.Approved
            : now >= request.ExpiresAt ? ApprovalOutcome.Expired
            : ApprovalOutcome.Waiting;
        return new ApprovalCount(
            outcome,
            [.. approving.Select(person => person.Name)],
            [.. declining.Select(person => person.Name)],
            Math.Max(0, rule.Required - approving.Count),
            request.ExpiresAt,
            ignored);
    }

    private static bool IsDeclined(ApprovalRequest request, List<CallerIdentity> declining)
    {
        var (rule, count) = (request.Rule, declining.Count);
        return rule.Decline == DeclineRule.One
            ? count > 0
            : count >= rule.Required || (rule.Approvers.Count > 0 && count > 0 && request.Able() - count < rule.Required);
    }
}

/// <summary>Whether a run may go on.</summary>
public enum ApprovalOutcome
{
    /// <summary>Not enough people have decided.</summary>
    Waiting,

    /// <summary>Enough people approved in time.</summary>
    Approved,

    /// <summary>It was declined.</summary>
    Declined,

    /// <summary>Too few approved in time.</summary>
    Expired,
}
