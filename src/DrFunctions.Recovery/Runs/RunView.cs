using DrFunctions.Recovery.Estimates;
using DrFunctions.Recovery.Objectives;

namespace DrFunctions.Recovery.Runs;

/// <summary>A run as people and programs read it. Made from the journal alone; see <see cref="RunViews"/>.</summary>
public sealed record RunView
{
    /// <summary>The run's id.</summary>
    public required string RunId { get; init; }

    /// <summary>The workload.</summary>
    public required string Workload { get; init; }

    /// <summary>The runbook.</summary>
    public required string Runbook { get; init; }

    /// <summary>Planned, unplanned or drill.</summary>
    public required RunMode Mode { get; init; }

    /// <summary>The version of the plan that the run is pinned to.</summary>
    public required string PlanVersion { get; init; }

    /// <summary>Fencing number.</summary>
    public required long Epoch { get; init; }

    /// <summary>Where it stands.</summary>
    public required RunState State { get; init; }

    /// <summary>Who, or which incident.</summary>
    public required string StartedBy { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What it waits for a person for; null when it does not.</summary>
    public PauseView? Pause { get; init; }

    /// <summary>Why it goes, or went, back; null when it does not.</summary>
    public StopView? Stop { get; init; }

    /// <summary>Why it ended, when its steps do not say; null otherwise.</summary>
    public string? EndReason { get; init; }

    /// <summary>What it left done when it went back, with the reasons; null when nothing.</summary>
    public string? Kept { get; init; }

    /// <summary>When it is expected to finish; null when nothing can be said.</summary>
    public ProjectionView? Projection { get; init; }

    /// <summary>The steps in order.</summary>
    public required IReadOnlyList<StepView> Steps { get; init; }

    /// <summary>What was asked.</summary>
    public required ObjectivesView Objectives { get; init; }

    /// <summary>What was reached.</summary>
    public required AttainedView Attained { get; init; }
}

/// <summary>Where a run stands.</summary>
public enum RunState
{
    /// <summary>Its steps run, or are undone.</summary>
    Running,

    /// <summary>It waits for a person.</summary>
    Paused,

    /// <summary>All steps ended well, or were skipped by a person.</summary>
    Completed,

    /// <summary>A step ended badly; the rest was not tried.</summary>
    Failed,

    /// <summary>A person stopped it.</summary>
    Cancelled,

    /// <summary>A run that mattered more took the workload.</summary>
    Preempted,
}

/// <summary>A step of a run.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Name">Its name in the runbook.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="State">Where it stands.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Summary">What it did.</param>
/// <param name="Error">Why it failed.</param>
public sealed record StepView(
    int Index,
    string Name,
    string Kind,
    StepState State,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    string? Summary,
    StepError? Error)
{
    /// <summary>Neighbours of one number run side by side; null for a step that runs alone.</summary>
    public int? Group { get; init; }
}

/// <summary>Where a step stands.</summary>
public enum StepState
{
    /// <summary>Not begun.</summary>
    Pending,

    /// <summary>Begun.</summary>
    Running,

    /// <summary>Ended well.</summary>
    Completed,

    /// <summary>Its precheck passed; a drill does no more of it.</summary>
    Checked,

    /// <summary>A person went on without it.</summary>
    Skipped,

    /// <summary>Ended badly, or could not be undone.</summary>
    Failed,

    /// <summary>Being undone.</summary>
    Undoing,

    /// <summary>What it did is undone.</summary>
    Undone,

    /// <summary>The run ended before it did.</summary>
    Cancelled,
}

/// <summary>What a run waits for a person for.</summary>
/// <param name="Code">Stable: the failed step's, <c>Undone</c> or <c>UndoFailed</c>.</param>
/// <param name="Message">In words.</param>
/// <param name="Step">Name of the step that is in the way, or that would be next.</param>
/// <param name="At">Since when.</param>
/// <param name="Until">When the run ends as failed if nobody decides.</param>
/// <param name="Decisions">What a person can decide now.</param>
/// <param name="Occasion">The name of this pause, for whoever decides upon it and upon no later one.</param>
public sealed record PauseView(
    string Code, string Message, string? Step, DateTimeOffset At, DateTimeOffset Until, IReadOnlyList<string> Decisions, int Occasion = 0);

/// <summary>Why a run goes back.</summary>
/// <param name="Kind">What it leads to.</param>
/// <param name="By">Who, or which run.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">Since when.</param>
public sealed record StopView(StopKind Kind, string By, string Reason, DateTimeOffset At);

/// <summary>Why a step failed.</summary>
/// <param name="Code">Stable.</param>
/// <param name="Message">What was expected and what was found.</param>
/// <param name="Hint">What to do next.</param>
public sealed record StepError(string Code, string Message, string Hint);

/// <summary>Objectives in seconds.</summary>
/// <param name="RpoSeconds">Recovery point objective.</param>
/// <param name="RtoSeconds">Recovery time objective.</param>
public sealed record ObjectivesView(double RpoSeconds, double RtoSeconds);

/// <summary>What a run reached, in seconds; absent where it is not measured.</summary>
/// <param name="RtoSeconds">From the first sign of the loss to the proof that the new region answers.</param>
/// <param name="Rto">Against the objective.</param>
/// <param name="RpoSeconds">
/// Of the worst store, from the point that the run brought it along to until the fence: no write after the fence exists, so no more than
/// this is lost. Absent when one store's is unknown.
/// </param>
/// <param name="Rpo">Against the objective.</param>
/// <param name="RestorePoint">The oldest of the points that are known.</param>
/// <param name="DetectedAt">The first sign of the loss.</param>
public sealed record AttainedView(
    double? RtoSeconds,
    ObjectiveVerdict Rto,
    double? RpoSeconds,
    ObjectiveVerdict Rpo,
    DateTimeOffset? RestorePoint,
    DateTimeOffset? DetectedAt)
{
    /// <summary>The stores of the plan in its order, then what else steps brought along, by the step's name.</summary>
    public IReadOnlyList<StoreAttained> Stores { get; init; } = [];

    /// <summary>The store whose figure the RPO is, or that makes it unknown; absent before the fence.</summary>
    public string? WorstStore { get; init; }
}

/// <summary>What a run reached of one store.</summary>
/// <param name="Store">Its name.</param>
/// <param name="RestorePoint">What was written until then is in the new region; absent where nobody knows, as of one that no step brought along.</param>
/// <param name="RpoSeconds">From there to the fence, in seconds.</param>
/// <param name="Rpo">Against the objective.</param>
public sealed record StoreAttained(string Store, DateTimeOffset? RestorePoint, double? RpoSeconds, ObjectiveVerdict Rpo);
