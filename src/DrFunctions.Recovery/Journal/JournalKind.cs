namespace DrFunctions.Recovery.Journal;

/// <summary>What a journal entry records. The names are part of the format.</summary>
public enum JournalKind
{
    /// <summary>The run began; the facts say what it is and what its steps are.</summary>
    RunStarted,

    /// <summary>A step began: from now on its timeout counts.</summary>
    StepStarted,

    /// <summary>A step's precheck passed; the facts say what was chosen for all its attempts.</summary>
    StepChecked,

    /// <summary>A step ended well.</summary>
    StepCompleted,

    /// <summary>A step ended badly.</summary>
    StepFailed,

    /// <summary>A person has a step done again; facts that begin with <c>parameter.</c> replace fields of the step.</summary>
    StepRetried,

    /// <summary>A person goes on without a step.</summary>
    StepSkipped,

    /// <summary>The run waits for a person; the facts say why.</summary>
    RunPaused,

    /// <summary>A person switched the run to forced: kinds that can do without the old primary's word do so.</summary>
    RunForced,

    /// <summary>What was done is to be undone, back to the point of no return; the run then waits, or ends as a drill does.</summary>
    UndoRequested,

    /// <summary>A person cancelled the run: what can be undone is undone, then it ends.</summary>
    RunCancelled,

    /// <summary>A run that matters more took the workload: what can be undone in time is undone, then this one ends.</summary>
    RunPreempted,

    /// <summary>A step is about to be undone.</summary>
    UndoStarted,

    /// <summary>What a step did is undone.</summary>
    UndoCompleted,

    /// <summary>What a step did could not be undone; nothing before it is undone either.</summary>
    UndoFailed,

    /// <summary>The run is expected to finish later than its RTO allows; told once.</summary>
    ProjectionPassedRto,

    /// <summary>The run ended; the facts say how, and what it left done.</summary>
    RunEnded,
}
