namespace DrFunctions.Recovery.Runs;

/// <summary>A person's decision that a run is to stop at the next opportunity.</summary>
/// <param name="Schema">1.</param>
/// <param name="CancelledBy">Who.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
public sealed record CancelRequest(int Schema, string CancelledBy, string Reason, DateTimeOffset At)
{
    /// <summary>The document's key.</summary>
    public static string Key(string runId) => $"runs/{runId}/decisions/cancel";
}
