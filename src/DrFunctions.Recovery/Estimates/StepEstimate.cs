namespace DrFunctions.Recovery.Estimates;

/// <summary>How long a step is expected to take.</summary>
/// <param name="Expected">Not negative.</param>
/// <param name="Source">Where that comes from.</param>
/// <param name="Runs">How many runs were measured; 0 when none was.</param>
public sealed record StepEstimate(TimeSpan Expected, EstimateSource Source, int Runs);

/// <summary>Where an estimate comes from.</summary>
public enum EstimateSource
{
    /// <summary>What steps of the kind take when all is well.</summary>
    Kind,

    /// <summary>The median of past runs of the same runbook.</summary>
    PastRuns,
}
