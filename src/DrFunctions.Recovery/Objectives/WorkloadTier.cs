using DrFunctions.Recovery.Objectives.Uptime;

namespace DrFunctions.Recovery.Objectives;

/// <summary>
/// How much depends on a workload, from the least. The tiers and their uptime are Microsoft's: Cloud Adoption Framework, Manage,
/// Protect your cloud estate, table 1 (17 March 2025).
/// </summary>
public enum WorkloadTier
{
    /// <summary>An outage is a nuisance: 99 %, at most 3.65 days a year.</summary>
    Low,

    /// <summary>An outage costs revenue or reputation: 99.9 %, at most 8.76 hours a year.</summary>
    Medium,

    /// <summary>An outage hurts at once and badly: 99.99 %, at most 52.56 minutes a year.</summary>
    High,
}

/// <summary>What tiers ask for.</summary>
public static class WorkloadTiers
{
    /// <summary>The uptime that a tier asks for.</summary>
    public static Availability Uptime(WorkloadTier tier) => tier switch
    {
        WorkloadTier.Low => Availability.FromPercent(99m),
        WorkloadTier.Medium => Availability.FromPercent(99.9m),
        WorkloadTier.High => Availability.FromPercent(99.99m),
        _ => throw new ArgumentOutOfRangeException(nameof(tier), tier, $"tier: {tier}, expected Low, Medium or High."),
    };

    /// <summary>
    /// The longest RTO that keeps a tier's uptime when nothing but these outages takes the workload down: a year's downtime divided
    /// by the outages of a year (the same source: 99.99 % and four outages a year make 13 minutes).
    /// </summary>
    /// <param name="tier">The tier.</param>
    /// <param name="outagesPerYear">How many outages a year are expected; 0.001 to 1000. Less than one counts as one: the year of the outage must hold.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static TimeSpan LongestRto(WorkloadTier tier, decimal outagesPerYear)
    {
        Bounded.Between(outagesPerYear, 0.001m, 1000m, nameof(outagesPerYear));
        var budget = Downtime.Of(Uptime(tier)).PerYear;
        return TimeSpan.FromTicks((long)decimal.Floor(budget.Ticks / Math.Max(1m, outagesPerYear)));
    }
}
