using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Incidents;

/// <summary>An incident as it is kept: what was seen about one workload, and what was decided.</summary>
/// <param name="Schema">1.</param>
/// <param name="Id">Unique for the workload, in the order of opening.</param>
/// <param name="Workload">The workload.</param>
/// <param name="State">Open or closed.</param>
/// <param name="OpenedAt">When it was opened.</param>
/// <param name="DetectedAt">The time of its earliest alert.</param>
/// <param name="Signals">Ids of its first signals, at most <see cref="MostNamed"/>.</param>
/// <param name="PlanVersion">The plan it is judged by.</param>
/// <param name="Verdict">The last verdict, with every rule; null before the first.</param>
/// <param name="VerdictAt">When that was.</param>
/// <param name="RunId">The run that it started, or that was active; null when none.</param>
/// <param name="ClosedAt">When it was closed.</param>
/// <param name="Outcome">Why it was closed, in words.</param>
public sealed record IncidentRecord(
    int Schema,
    string Id,
    string Workload,
    IncidentState State,
    DateTimeOffset OpenedAt,
    DateTimeOffset DetectedAt,
    IReadOnlyList<string> Signals,
    string PlanVersion,
    Verdict? Verdict,
    DateTimeOffset? VerdictAt,
    string? RunId,
    DateTimeOffset? ClosedAt,
    string? Outcome)
{
    /// <summary>How many signals a record names.</summary>
    public const int MostNamed = 100;

    /// <summary>How many signals it has.</summary>
    public int SignalCount { get; init; }

    /// <summary>What its alerts say now, those included that stood when it was opened; news of them is added after it closed, too.</summary>
    public IReadOnlyList<AlertState> Alerts { get; init; } = [];

    /// <summary>Signals that were added last, and may not be marked as its own yet.</summary>
    public IReadOnlyList<string> Adding { get; init; } = [];

    /// <summary>Where the workload was when it was opened; null in what versions before this one wrote, of whose alerts none stands.</summary>
    public WorkloadState? OpenedIn { get; init; }
}

/// <summary>Open or closed.</summary>
public enum IncidentState
{
    /// <summary>Being judged.</summary>
    Open,

    /// <summary>Decided.</summary>
    Closed,
}
