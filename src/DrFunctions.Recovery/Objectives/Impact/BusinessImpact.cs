namespace DrFunctions.Recovery.Objectives.Impact;

/// <summary>What the loss of a region means to the business. Amounts are in whatever currency the owner counts in, everywhere the same.</summary>
public sealed record BusinessImpact
{
    /// <summary>The largest amount, inclusive.</summary>
    public const decimal MostAmount = 1_000_000_000_000m;

    /// <summary>States it.</summary>
    /// <param name="downtimePerHour">What an hour without the service costs; 0 to <see cref="MostAmount"/>.</param>
    /// <param name="dataLossPerHour">What an hour of lost data costs; 0 to <see cref="MostAmount"/>.</param>
    /// <param name="lossesPerYear">How often a year the region is expected to be lost; 0 to 1000, such as 0.1 for once in ten years.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public BusinessImpact(decimal downtimePerHour, decimal dataLossPerHour, decimal lossesPerYear)
    {
        DowntimePerHour = Bounded.Between(downtimePerHour, 0m, MostAmount, nameof(downtimePerHour));
        DataLossPerHour = Bounded.Between(dataLossPerHour, 0m, MostAmount, nameof(dataLossPerHour));
        LossesPerYear = Bounded.Between(lossesPerYear, 0m, 1000m, nameof(lossesPerYear));
    }

    /// <summary>What an hour without the service costs.</summary>
    public decimal DowntimePerHour { get; }

    /// <summary>What an hour of lost data costs.</summary>
    public decimal DataLossPerHour { get; }

    /// <summary>How often a year the region is expected to be lost.</summary>
    public decimal LossesPerYear { get; }

    /// <summary>What one loss costs.</summary>
    /// <param name="downtime">How long the service is down; zero to <see cref="RecoveryObjectives.Longest"/>.</param>
    /// <param name="dataLoss">How much data, in time, is lost; zero to <see cref="RecoveryObjectives.Longest"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A span is out of its range.</exception>
    public decimal OfOneLoss(TimeSpan downtime, TimeSpan dataLoss) =>
        ((DowntimePerHour * Ticks(downtime, nameof(downtime))) + (DataLossPerHour * Ticks(dataLoss, nameof(dataLoss)))) / TimeSpan.TicksPerHour;

    /// <summary>What a year's losses cost on average: the cost of one, as often as it is expected.</summary>
    /// <param name="downtime">How long the service is down each time.</param>
    /// <param name="dataLoss">How much data, in time, is lost each time.</param>
    /// <exception cref="ArgumentOutOfRangeException">A span is out of its range.</exception>
    public decimal OfAYear(TimeSpan downtime, TimeSpan dataLoss) => LossesPerYear * OfOneLoss(downtime, dataLoss);

    // Divided last: a third of an hour has no end in decimals.
    private static long Ticks(TimeSpan span, string field) => Bounded.Between(span, TimeSpan.Zero, RecoveryObjectives.Longest, field).Ticks;
}
