namespace DrFunctions.Recovery.Workloads;

/// <summary>
/// Which restore points of a policy are kept, in both regions: those that any rule keeps. Rules count newest first, in UTC; 0 is no such rule, and one at least is above it.
/// </summary>
/// <param name="Schedule">When the others are removed: five-field cron expression, read in <paramref name="TimeZone"/>.</param>
/// <param name="TimeZone">IANA time zone.</param>
public sealed record RetentionPolicy(string Schedule, TimeZoneInfo TimeZone)
{
    /// <summary>The highest count.</summary>
    public const int Most = 100_000;

    /// <summary>When it is pruned where the plan does not say: once a day.</summary>
    public const string UsualSchedule = "30 1 * * *";

    /// <summary>So many newest ones.</summary>
    public int Last { get; init; }

    /// <summary>The newest of each hour, for so many hours that have one.</summary>
    public int Hourly { get; init; }

    /// <summary>The newest of each day, for so many days that have one.</summary>
    public int Daily { get; init; }

    /// <summary>The newest of each ISO week, for so many weeks that have one.</summary>
    public int Weekly { get; init; }

    /// <summary>The newest of each month, for so many months that have one.</summary>
    public int Monthly { get; init; }

    /// <summary>The newest of each year, for so many years that have one.</summary>
    public int Yearly { get; init; }

    /// <summary>All that are at most so much older than the newest; 1 hour to 3650 days, zero for no such rule.</summary>
    public TimeSpan Within { get; init; }

    /// <summary>So many newest ones whatever the other rules say; 1 (default) to <see cref="Most"/>.</summary>
    public int Minimum { get; init; } = 1;
}
