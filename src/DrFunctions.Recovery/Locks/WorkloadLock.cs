using DrFunctions.Recovery.Runs;

namespace DrFunctions.Recovery.Locks;

/// <summary>The lock of a workload: at most one run at a time, for the run's whole life. The document stays when it is released.</summary>
/// <param name="Schema">1.</param>
/// <param name="Epoch">Fencing number of the run that holds or last held it; 1 for the first, and only growing.</param>
/// <param name="State">Held or released.</param>
/// <param name="Run">The run that holds or last held it: all that is needed to schedule it again.</param>
/// <param name="TakenAt">When it was taken.</param>
/// <param name="ReleasedAt">When it was released; null while held.</param>
public sealed record WorkloadLock(
    int Schema, long Epoch, LockState State, RunRequest Run, DateTimeOffset TakenAt, DateTimeOffset? ReleasedAt)
{
    /// <summary>Why it was released, when it was not by the run's end.</summary>
    public string? Note { get; init; }

    /// <summary>The run that this one took the workload from, and undoes before it begins; null for none.</summary>
    public RunRequest? Preempts { get; init; }
}

/// <summary>Held or released.</summary>
public enum LockState
{
    /// <summary>The run may act.</summary>
    Held,

    /// <summary>No run may act.</summary>
    Released,
}
