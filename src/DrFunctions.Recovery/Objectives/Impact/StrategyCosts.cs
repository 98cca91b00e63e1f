using DrFunctions.Recovery.Objectives.Strategies;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Objectives.Impact;

/// <summary>What each strategy is expected to lose in a year, beside what it costs.</summary>
public static class StrategyCosts
{
    /// <summary>Compares all strategies, from the cheapest. A strategy loses as much as its row of the matrix can be relied on for.</summary>
    /// <param name="impact">What a loss means.</param>
    /// <param name="standbyPerYear">What a strategy costs in a year where that is known; 0 to <see cref="BusinessImpact.MostAmount"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A cost is out of its range.</exception>
    public static IReadOnlyList<StrategyCost> Compare(BusinessImpact impact, IReadOnlyDictionary<Strategy, decimal> standbyPerYear)
    {
        ArgumentNullException.ThrowIfNull(impact);
        ArgumentNullException.ThrowIfNull(standbyPerYear);
        return [.. StrategyMatrix.Rows.Select(row => new StrategyCost(
            row.Strategy, row.Cost, impact.OfAYear(row.Rto, row.Rpo), Known(standbyPerYear, row.Strategy)))];
    }

    private static decimal? Known(IReadOnlyDictionary<Strategy, decimal> costs, Strategy strategy) =>
        costs.TryGetValue(strategy, out var cost)
            ? Bounded.Between(cost, 0m, BusinessImpact.MostAmount, $"standbyPerYear.{StrategyNames.Of(strategy)}")
            : null;
}

/// <summary>A strategy's expected loss beside its cost.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="CostClass">What it costs in kind.</param>
/// <param name="ExpectedLossPerYear">What region losses are expected to cost in a year with it.</param>
/// <param name="StandbyPerYear">What it costs itself in a year; null when nobody said.</param>
public sealed record StrategyCost(Strategy Strategy, CostClass CostClass, decimal ExpectedLossPerYear, decimal? StandbyPerYear)
{
    /// <summary>Both together; null when its cost is not known.</summary>
    public decimal? TotalPerYear => StandbyPerYear + ExpectedLossPerYear;
}
