using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Probe;

/// <summary>Waits until something has answered well several times in a row: a region's health, a URL or a TCP port.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="Times">How many good answers in a row, at least 1.</param>
/// <param name="Every">The pause between two.</param>
public sealed record ProbeStep(string Name, TimeSpan Timeout, int Times, TimeSpan Every) : RunbookStep(Name, Timeout), IWatchesHealth
{
    /// <summary>The region whose health is asked; null when <see cref="Url"/> is.</summary>
    public RegionRole? Region { get; init; }

    /// <summary>What is asked with GET, or, <c>tcp://host:port</c>, connected to; null when <see cref="Region"/> is asked.</summary>
    public Uri? Url { get; init; }

    /// <summary>The status that is good, where a URL is asked.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Whether a connection is all that is asked for.</summary>
    public bool IsTcp => Url?.Scheme == "tcp";

    /// <summary>What is asked under a plan.</summary>
    public Uri Target(WorkloadPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Url ?? plan.RegionOf(Region!.Value).Health; // One of both is there.
    }

    /// <inheritdoc/>
    public bool Watches(RegionRole region, WorkloadPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Region == region || (Url == plan.RegionOf(region).Health && Status == 200);
    }
}
