using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.StartWebApp;

/// <summary>Starts the region's web app and waits until its health answers.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="Region">The region to start.</param>
public sealed record StartWebAppStep(string Name, TimeSpan Timeout, RegionRole Region) : RunbookStep(Name, Timeout), IStartsRegion;
