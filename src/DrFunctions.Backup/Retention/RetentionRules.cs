namespace DrFunctions.Backup.Retention;

/// <summary>
/// Which restore points of a group (workload, policy and source) are kept. A restore point that any rule keeps is kept. Times are UTC; weeks are those of ISO 8601.
/// </summary>
public sealed record RetentionRules
{
    /// <summary>The highest value of a count.</summary>
    public const int Most = 100_000;

    /// <summary>So many newest ones. Default 0: no such rule.</summary>
    public int Last { get; init; }

    /// <summary>The newest of each hour, for so many hours that have one. Default 0: no such rule.</summary>
    public int Hourly { get; init; }

    /// <summary>The newest of each day, for so many days that have one. Default 0: no such rule.</summary>
    public int Daily { get; init; }

    /// <summary>The newest of each week, for so many weeks that have one. Default 0: no such rule.</summary>
    public int Weekly { get; init; }

    /// <summary>The newest of each month, for so many months that have one. Default 0: no such rule.</summary>
    public int Monthly { get; init; }

    /// <summary>The newest of each year, for so many years that have one. Default 0: no such rule.</summary>
    public int Yearly { get; init; }

    /// <summary>
    /// All that are at most so much older than the newest one: a group whose backups stopped does not age away. Default zero: no such rule.
    /// </summary>
    public TimeSpan Within { get; init; }

    /// <summary>So many newest ones, whatever the other rules say; 1 (default) to <see cref="Most"/>.</summary>
    public int Minimum { get; init; } = 1;

    /// <summary>What is wrong with the rules, by name, value and expectation; null when nothing is.</summary>
    public string? Mistake
    {
        get
        {
            foreach (var (name, value, least) in new[]
            {
                ("last", Last, 0), ("hourly", Hourly, 0), ("daily", Daily, 0), ("weekly", Weekly, 0), ("monthly", Monthly, 0), ("yearly", Yearly, 0), ("minimum", Minimum, 1),
            })
            {
                if (value < least || value > Most)
                {
                    return $"{name} is {value}; expected {least} to {Most}";
                }
            }

            return Within < TimeSpan.Zero
                ? $"within is {Within}; expected no negative time"
                : Last + Hourly + Daily + Weekly + Monthly + Yearly == 0 && Within == TimeSpan.Zero
                    ? "no rule keeps anything; expected at least one of last, hourly, daily, weekly, monthly, yearly and within"
                    : null;
        }
    }
}
