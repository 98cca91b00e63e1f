using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Runs;

/// <summary>Where a step of a run stands, as the journal says.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Name">Its name in the runbook.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Group">Neighbours of one number run side by side; null for a step that runs alone.</param>
/// <param name="Effect">What it does to the world.</param>
/// <param name="IsPointOfNoReturn">Whether what was done before it stays done once it has acted.</param>
/// <param name="ChecksOnly">Whether only its precheck is run: of a drill, where the step would touch what users use.</param>
public sealed record StepProgress(
    int Index, string Name, string Kind, int? Group, StepEffect Effect, bool IsPointOfNoReturn, bool ChecksOnly)
{
    private static readonly Dictionary<string, string> None = [];

    /// <summary>How long it may take, all attempts together; an undo as long again.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Where it stands.</summary>
    public StepState State { get; init; }

    /// <summary>The sequence of the entry that began it last: the name of that beginning. 0 before.</summary>
    public int Begun { get; init; }

    /// <summary>When it began last.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended, or was undone.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When its undo began.</summary>
    public DateTimeOffset? UndoStartedAt { get; init; }

    /// <summary>The sequence of the entry that began its undo last: the name of that beginning. 0 before.</summary>
    public int UndoBegun { get; init; }

    /// <summary>Whether its precheck passed, and it was chosen what all attempts keep to.</summary>
    public bool IsChecked { get; init; }

    /// <summary>Whether it may have had an effect that is not undone.</summary>
    public bool HasActed { get; init; }

    /// <summary>What was chosen for the attempts since it began last.</summary>
    public IReadOnlyDictionary<string, string> Chosen { get; init; } = None;

    /// <summary>What was chosen before it first acted: what an undo goes back to.</summary>
    public IReadOnlyDictionary<string, string> ChosenFirst { get; init; } = None;

    /// <summary>The facts of its end.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = None;

    /// <summary>The time that the data it restored shows; null when it restored none.</summary>
    public DateTimeOffset? RestorePoint { get; init; }

    /// <summary>The fields that a person changed, by name, as a plan would write them.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = None;

    /// <summary>What it did.</summary>
    public string? Summary { get; init; }

    /// <summary>Why it, or its undo, failed.</summary>
    public StepError? Error { get; init; }

    /// <summary>Whether it is still to be done.</summary>
    public bool IsOpen => State is StepState.Pending or StepState.Running or StepState.Undone;

    /// <summary>Whether the step behind it may begin.</summary>
    public bool IsPassed => State is StepState.Completed or StepState.Checked or StepState.Skipped;

    /// <summary>Whether its kind has a facet, such as <see cref="IFencesRegion"/>.</summary>
    public bool Is<TFacet>() => typeof(TFacet).IsAssignableFrom(StepKindCatalog.Find(Kind)?.StepType);
}
