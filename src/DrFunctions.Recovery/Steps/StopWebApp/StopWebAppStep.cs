using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.StopWebApp;

/// <summary>Stops the region's web app. It is no fence: it proves nothing of the stores.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="Region">The region to stop.</param>
public sealed record StopWebAppStep(string Name, TimeSpan Timeout, RegionRole Region) : RunbookStep(Name, Timeout), IStopsRegion;
