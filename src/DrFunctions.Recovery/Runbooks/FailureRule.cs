namespace DrFunctions.Recovery.Runbooks;

/// <summary>What a failed step does to its run.</summary>
public enum FailureRule
{
    /// <summary>The run waits for a person.</summary>
    Pause,

    /// <summary>The run ends as failed.</summary>
    End,
}
