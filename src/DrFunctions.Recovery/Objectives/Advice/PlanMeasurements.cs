namespace DrFunctions.Recovery.Objectives.Advice;

/// <summary>What is known about a plan beside its text. What is missing is unknown.</summary>
public sealed record PlanMeasurements
{
    /// <summary>Nothing.</summary>
    public static PlanMeasurements None { get; } = new();

    /// <summary>The longest pause between two occurrences of each backup policy, by the policy's name.</summary>
    public IReadOnlyDictionary<string, TimeSpan> LongestPause { get; init; } = new Dictionary<string, TimeSpan>();

    /// <summary>How long backing up and copying takes, by the policy's name.</summary>
    public IReadOnlyDictionary<string, TimeSpan> BackupTime { get; init; } = new Dictionary<string, TimeSpan>();

    /// <summary>How long a step took in past runs, by the runbook's and the step's name.</summary>
    public IReadOnlyDictionary<(string Runbook, string Step), TimeSpan> StepTime { get; init; } =
        new Dictionary<(string Runbook, string Step), TimeSpan>();
}
