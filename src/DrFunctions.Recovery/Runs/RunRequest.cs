using DrFunctions.Recovery.People;

namespace DrFunctions.Recovery.Runs;

/// <summary>What was asked for when a run was started.</summary>
/// <param name="RunId">Its id; also the orchestration's instance id.</param>
/// <param name="Workload">The workload.</param>
/// <param name="Runbook">The runbook's name.</param>
/// <param name="Mode">Planned, unplanned or drill.</param>
/// <param name="PlanVersion">The version of the plan that the run is pinned to.</param>
/// <param name="StartedBy">Who, or which incident, and how that is known.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="DetectedAt">When the loss was first noticed: the alert's time, or the start by hand.</param>
/// <param name="IncidentId">The incident that started it, or null.</param>
public sealed record RunRequest(
    string RunId,
    string Workload,
    string Runbook,
    RunMode Mode,
    string PlanVersion,
    CallerIdentity StartedBy,
    string Reason,
    DateTimeOffset DetectedAt,
    string? IncidentId);

/// <summary>Why a run runs.</summary>
public enum RunMode
{
    /// <summary>The primary is lost.</summary>
    Unplanned,

    /// <summary>A move that was decided while all is well.</summary>
    Planned,

    /// <summary>An exercise: what users use is not touched, and what was done is undone at the end.</summary>
    Drill,
}
