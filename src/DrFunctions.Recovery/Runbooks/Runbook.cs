using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Runbooks;

/// <summary>A named sequence of steps.</summary>
/// <param name="Name">Name in the plan.</param>
/// <param name="Steps">At least one, in order.</param>
public sealed record Runbook(string Name, IReadOnlyList<RunbookStep> Steps);

/// <summary>One step of a runbook. The cases are the step kinds.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take, all attempts together.</param>
public abstract record RunbookStep(string Name, TimeSpan Timeout);

/// <summary>Keeps the region's old writers from writing, by every store's <see cref="FenceKind"/>.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="Region">The region to fence.</param>
public sealed record FenceStep(string Name, TimeSpan Timeout, RegionRole Region) : RunbookStep(Name, Timeout);

/// <summary>Restores a store's newest restore point from the region's own repository into the region's container.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="Store">The store.</param>
/// <param name="Region">The region that is restored.</param>
public sealed record RestoreStep(string Name, TimeSpan Timeout, string Store, RegionRole Region) : RunbookStep(Name, Timeout);

/// <summary>Starts the region's web app and waits until its health answers.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="Region">The region to start.</param>
public sealed record StartWebAppStep(string Name, TimeSpan Timeout, RegionRole Region) : RunbookStep(Name, Timeout);

/// <summary>Moves all users to a region with one write of the Traffic Manager profile.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="To">The region that users go to.</param>
public sealed record ShiftTrafficStep(string Name, TimeSpan Timeout, RegionRole To) : RunbookStep(Name, Timeout);

/// <summary>Proves from outside that users reach the region: by DNS, and by a request that it answers.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take; longer than the profile's DNS time to live.</param>
/// <param name="Region">The region that must answer.</param>
public sealed record ProveStep(string Name, TimeSpan Timeout, RegionRole Region) : RunbookStep(Name, Timeout);
