using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.ShiftTraffic;

/// <summary>Moves all users to a region with one write of the Traffic Manager profile.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="To">The region that users go to.</param>
/// <param name="Nested">The nested profile that is written, whose users are those of the other region; null for the plan's profile.</param>
public sealed record ShiftTrafficStep(string Name, TimeSpan Timeout, RegionRole To, string? Nested = null) : RunbookStep(Name, Timeout), IMovesUsers;
