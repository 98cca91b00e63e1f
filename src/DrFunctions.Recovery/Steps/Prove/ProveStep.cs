using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Prove;

/// <summary>Proves from outside that users reach the region: by DNS, and by a request that it answers.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take; longer than the profile's DNS time to live.</param>
/// <param name="Region">The region that must answer.</param>
public sealed record ProveStep(string Name, TimeSpan Timeout, RegionRole Region) : RunbookStep(Name, Timeout), IProvesRegion;
