using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Restore;

/// <summary>Restores a store's newest restore point from the region's own repository into the region's container.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="Store">The store.</param>
/// <param name="Region">The region that is restored.</param>
public sealed record RestoreStep(string Name, TimeSpan Timeout, string Store, RegionRole Region) : RunbookStep(Name, Timeout), IRestoresStore
{
    /// <summary>The snapshot to restore; null for the newest complete one.</summary>
    public string? Snapshot { get; init; }
}
