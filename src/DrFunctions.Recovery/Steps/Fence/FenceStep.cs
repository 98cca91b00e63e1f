using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Fence;

/// <summary>Keeps the region's old writers from writing, by every store's <see cref="Fences.StoreFence"/>.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="Region">The region to fence.</param>
public sealed record FenceStep(string Name, TimeSpan Timeout, RegionRole Region) : RunbookStep(Name, Timeout), IFencesRegion;
