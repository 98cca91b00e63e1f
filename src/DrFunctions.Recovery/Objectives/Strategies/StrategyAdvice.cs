namespace DrFunctions.Recovery.Objectives.Strategies;

/// <summary>The cheapest strategy that objectives ask for.</summary>
/// <param name="Reach">The strategy and what it can be relied on for.</param>
/// <param name="IsReached">False when not even the dearest strategy can be relied on for these objectives; it is named all the same.</param>
/// <param name="Reasons">Why not a cheaper one, one sentence for each that falls short; why it is not reached, where it is not.</param>
public sealed record StrategyAdvice(StrategyReach Reach, bool IsReached, IReadOnlyList<string> Reasons);
