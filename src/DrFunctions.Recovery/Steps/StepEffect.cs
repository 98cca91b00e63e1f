namespace DrFunctions.Recovery.Steps;

/// <summary>What a step does to the world.</summary>
public enum StepEffect
{
    /// <summary>Nothing of the workload: it looks, waits, asks or tells.</summary>
    ReadOnly,

    /// <summary>It changes something that its undo changes back.</summary>
    Reversible,

    /// <summary>It changes something for good: a point of no return.</summary>
    Irreversible,
}
