using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Objectives.Strategies;

/// <summary>What a strategy can be relied on for: a row of the <see cref="StrategyMatrix"/>.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="Rpo">The strictest RPO that it is chosen for, inclusive.</param>
/// <param name="Rto">The strictest RTO that it is chosen for, inclusive.</param>
/// <param name="Cost">What it costs.</param>
/// <param name="RpoBound">What bounds its RPO, in words.</param>
/// <param name="RtoBound">What bounds its RTO, in words.</param>
public sealed record StrategyReach(Strategy Strategy, TimeSpan Rpo, TimeSpan Rto, CostClass Cost, string RpoBound, string RtoBound)
{
    /// <summary>Whether it reaches these objectives.</summary>
    public bool Reaches(RecoveryObjectives objectives)
    {
        ArgumentNullException.ThrowIfNull(objectives);
        return objectives.Rpo >= Rpo && objectives.Rto >= Rto;
    }
}
