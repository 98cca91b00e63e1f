namespace DrFunctions.Recovery.Drills;

/// <summary>The last drill of a runbook.</summary>
/// <param name="Schema">1.</param>
/// <param name="Runbook">The runbook.</param>
/// <param name="Occurrence">Which occurrence of the schedule it was.</param>
/// <param name="RunId">Its run; null when it could not be started.</param>
/// <param name="PlanVersion">The plan it was done by.</param>
/// <param name="State">What came of it.</param>
/// <param name="Note">Why it did not complete, in words; null when it did.</param>
/// <param name="EndedAt">When it ended; null while it runs.</param>
public sealed record DrillRecord(
    int Schema,
    string Runbook,
    DateTimeOffset Occurrence,
    string? RunId,
    string PlanVersion,
    DrillState State,
    string? Note = null,
    DateTimeOffset? EndedAt = null);

/// <summary>What came of a drill.</summary>
public enum DrillState
{
    /// <summary>There was none; the occurrence is when the schedule was first seen, from which the first one counts.</summary>
    None,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>Every step was done.</summary>
    Completed,

    /// <summary>It failed, was cancelled or could not be started.</summary>
    Failed,
}
