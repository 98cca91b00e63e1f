using DrFunctions.Recovery.Probes;

namespace DrFunctions.Recovery.Incidents;

/// <summary>Everything a verdict is made from, gathered at one moment.</summary>
/// <param name="Now">The moment.</param>
/// <param name="Alerts">How many correlated, fired alerts the incident has.</param>
/// <param name="Primary">The control region's own probe of the primary.</param>
/// <param name="PrimaryDetail">What that probe saw.</param>
/// <param name="Standby">What the standby needs in order to take over.</param>
/// <param name="ActiveInPrimary">Whether the primary carries the workload, or may: a move that was begun is not known to have happened.</param>
/// <param name="ActiveRun">The run that holds the workload's lock, or null.</param>
/// <param name="LastRunEnded">When the last run ended, or null.</param>
/// <param name="RedSince">Since when alert, red primary and green standby have held without a break; null when they do not.</param>
public sealed record IncidentFacts(
    DateTimeOffset Now,
    int Alerts,
    ProbeFinding Primary,
    string PrimaryDetail,
    IReadOnlyList<StandbyCheck> Standby,
    bool ActiveInPrimary,
    string? ActiveRun,
    DateTimeOffset? LastRunEnded,
    DateTimeOffset? RedSince);

/// <summary>One thing that the standby needs.</summary>
/// <param name="Name">Short name.</param>
/// <param name="Ready">Whether it is there.</param>
/// <param name="Detail">What was seen.</param>
public sealed record StandbyCheck(string Name, bool Ready, string Detail);
