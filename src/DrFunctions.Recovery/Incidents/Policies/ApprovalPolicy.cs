using DrFunctions.Recovery.People;

namespace DrFunctions.Recovery.Incidents.Policies;

/// <summary>When named people must approve a run before it starts by itself, and who.</summary>
public sealed record ApprovalPolicy
{
    /// <summary>From which estimated loss on; <see cref="TimeSpan.Zero"/> is always, null only above the plan's maximum loss.</summary>
    public TimeSpan? From { get; init; }

    /// <summary>How many distinct people. Default 1.</summary>
    public int Count { get; init; } = 1;

    /// <summary>How long they have from the incident's opening. Default 1 h.</summary>
    public TimeSpan Expires { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Names of those who may; empty for everyone with the role.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>The same as a rule for counting.</summary>
    public ApprovalRule Rule => new(Count, Expires) { Approvers = Approvers };
}
