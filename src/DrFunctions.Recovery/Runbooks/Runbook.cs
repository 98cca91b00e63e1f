namespace DrFunctions.Recovery.Runbooks;

/// <summary>A named sequence of steps.</summary>
/// <param name="Name">Name in the plan.</param>
/// <param name="Steps">At least one, in order.</param>
public sealed record Runbook(string Name, IReadOnlyList<RunbookStep> Steps)
{
    /// <summary>How long a pause waits for a person when the plan does not say.</summary>
    public static TimeSpan UsualPauseLimit { get; } = TimeSpan.FromDays(1);

    /// <summary>What a failed step does to the run.</summary>
    public FailureRule OnFailure { get; init; }

    /// <summary>How long a pause waits for a person before the run ends as failed.</summary>
    public TimeSpan PauseLimit { get; init; } = UsualPauseLimit;
}

/// <summary>One step of a runbook. The cases are the step kinds; see <see cref="Steps.StepKindCatalog"/>.</summary>
/// <param name="Name">Unique in the runbook; of a child runbook's step, the child's name and '/' before it.</param>
/// <param name="Timeout">How long the step may take, all attempts together.</param>
public abstract record RunbookStep(string Name, TimeSpan Timeout)
{
    /// <summary>
    /// Steps of one number, which follow each other in the runbook, run side by side; null for a step that runs alone.
    /// </summary>
    public int? Group { get; init; }

    /// <summary>Whether a drill does the step, or only runs its precheck; null to leave that to its kind.</summary>
    public bool? RunsInDrill { get; init; }
}
