using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.RemapGeography;

/// <summary>Leads the users of one region's places to the other region, in a geographic profile, with one write.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="To">The region that users go to.</param>
public sealed record RemapGeographyStep(string Name, TimeSpan Timeout, RegionRole To) : RunbookStep(Name, Timeout), IMovesUsers;
