namespace DrFunctions.Recovery.Objectives.Uptime;

/// <summary>How long something may be down and keep its availability.</summary>
/// <param name="PerYear">In 365 days.</param>
/// <param name="PerMonth">In 30 days, as Microsoft counts.</param>
/// <param name="PerWeek">In 7 days.</param>
public sealed record Downtime(TimeSpan PerYear, TimeSpan PerMonth, TimeSpan PerWeek)
{
    /// <summary>365 days.</summary>
    public static TimeSpan Year { get; } = TimeSpan.FromDays(365);

    /// <summary>The downtime of an availability.</summary>
    public static Downtime Of(Availability availability) => new(
        In(availability, Year), In(availability, TimeSpan.FromDays(30)), In(availability, TimeSpan.FromDays(7)));

    /// <summary>The downtime in a period: exact to 100 ns, and cut there, so that nothing is allowed that the availability does not.</summary>
    /// <param name="availability">The availability.</param>
    /// <param name="period">Zero to 100 years.</param>
    /// <exception cref="ArgumentOutOfRangeException">The period is out of its range.</exception>
    public static TimeSpan In(Availability availability, TimeSpan period)
    {
        Bounded.Between(period, TimeSpan.Zero, TimeSpan.FromDays(36_500), nameof(period));
        return TimeSpan.FromTicks((long)decimal.Floor((1 - availability.Share) * period.Ticks));
    }
}
