using DrFunctions.Recovery.Probes;

namespace DrFunctions.Recovery.DataLoss;

/// <summary>What was seen of a workload at one minute.</summary>
/// <param name="At">When.</param>
/// <param name="Primary">The control region's own probe of the primary.</param>
/// <param name="Stores">How far each store's data was safe, by what counts for it.</param>
public sealed record LagSample(DateTimeOffset At, ProbeFinding Primary, IReadOnlyList<LagReading> Stores)
{
    /// <summary>
    /// The epoch of the workload's state when it was taken, which says from which region to which the data went: a sample of another one
    /// says nothing of the standby of now. Null in samples from before it was kept; they count for no state.
    /// </summary>
    public long? Epoch { get; init; }

    /// <summary>What else was measured of stores, and does not count: nothing of it is what the failover would bring back.</summary>
    public IReadOnlyList<LagReading> Others { get; init; } = [];

    /// <summary>The control region's own TCP connection to the plan's <c>tcpProbe</c>; null when the plan has none.</summary>
    public ProbeFinding? Tcp { get; init; }

    /// <summary>What Traffic Manager's monitor said; null in samples from before it was kept.</summary>
    public MonitorReading? Monitor { get; init; }
}

/// <summary>The monitor states of a profile's endpoints, as Traffic Manager names them.</summary>
/// <param name="Primary">Of the primary's endpoint; null when it is not known.</param>
/// <param name="Secondary">Of the secondary's endpoint; null when it is not known.</param>
/// <param name="Trouble">Why they are not known; null otherwise.</param>
public sealed record MonitorReading(string? Primary, string? Secondary, string? Trouble);
