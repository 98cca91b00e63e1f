using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Incidents.Policies;
using DrFunctions.Recovery.People;

namespace DrFunctions.Recovery.Incidents;

/// <summary>Everything a verdict is made from, gathered at one moment.</summary>
/// <param name="Now">The moment.</param>
/// <param name="Vantages">What each vantage that a rule asks says of the primary.</param>
/// <param name="Standby">What the standby needs in order to take over.</param>
/// <param name="ActiveInPrimary">Whether the primary carries the workload, or may: a move that was begun is not known to have happened.</param>
/// <param name="ActiveRun">The run that holds the workload's lock, or null.</param>
/// <param name="LastRun">The last run that ended, or null.</param>
/// <param name="Loss">What a failover at this moment would lose.</param>
/// <param name="MaxLoss">The loss above which a person must approve.</param>
/// <param name="RedSince">Since when the red and green conditions have held without a break; null when they do not.</param>
public sealed record IncidentFacts(
    DateTimeOffset Now,
    IReadOnlyList<VantageView> Vantages,
    IReadOnlyList<StandbyCheck> Standby,
    bool ActiveInPrimary,
    string? ActiveRun,
    LastRun? LastRun,
    LossEstimate Loss,
    TimeSpan MaxLoss,
    DateTimeOffset? RedSince)
{
    /// <summary>When the incident was opened: approvers have so long from then.</summary>
    public DateTimeOffset OpenedAt { get; init; } = Now;

    /// <summary>What people decided about the incident.</summary>
    public IReadOnlyList<DecisionRecord> Decisions { get; init; } = [];

    /// <summary>Whether no alert has come, and one is assumed: what is seen now is taken to last for the dwell.</summary>
    public bool IsHypothetical { get; init; }
}

/// <summary>What one vantage says of the primary.</summary>
/// <param name="Vantage">Who.</param>
/// <param name="Finding">What.</param>
/// <param name="Detail">What was seen.</param>
public sealed record VantageView(Vantage Vantage, VantageFinding Finding, string Detail);

/// <summary>What a vantage says of the primary.</summary>
public enum VantageFinding
{
    /// <summary>Nothing: it could not look, or saw what says nothing. Blindness is not death.</summary>
    Unknown,

    /// <summary>It is well.</summary>
    Green,

    /// <summary>It is lost.</summary>
    Red,
}

/// <summary>One thing that the standby needs.</summary>
/// <param name="Name">Short name.</param>
/// <param name="Ready">Whether it is there.</param>
/// <param name="Detail">What was seen.</param>
public sealed record StandbyCheck(string Name, bool Ready, string Detail);

/// <summary>The last run of a workload that ended.</summary>
/// <param name="RunId">The run.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="AcknowledgedBy">The person who allowed the next one early, or null.</param>
public sealed record LastRun(string RunId, DateTimeOffset EndedAt, string? AcknowledgedBy);
