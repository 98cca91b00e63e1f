using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.BackUp;

/// <summary>Takes a backup of a store in a region now, copied to the other region: after a fence, nothing is lost by a move.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="Store">The store.</param>
/// <param name="Region">The region whose data is backed up.</param>
public sealed record BackUpStep(string Name, TimeSpan Timeout, string Store, RegionRole Region) : RunbookStep(Name, Timeout), IBacksUpStore;
