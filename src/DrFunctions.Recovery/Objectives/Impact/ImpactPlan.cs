using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Objectives.Impact;

/// <summary>What a plan says about the business.</summary>
/// <param name="Loss">What the loss of a region means.</param>
/// <param name="StandbyPerYear">What strategies cost in a year, where the owner said.</param>
public sealed record ImpactPlan(BusinessImpact Loss, IReadOnlyDictionary<Strategy, decimal> StandbyPerYear);
