using System.Globalization;

namespace DrFunctions.Recovery.DataLoss;

/// <summary>What a failover at one moment would lose, in time. Pure.</summary>
/// <param name="Loss">The most that any store would lose; null when it is not known, which is never good.</param>
/// <param name="Detail">Where the figure comes from, store by store.</param>
public sealed record LossEstimate(TimeSpan? Loss, string Detail)
{
    /// <summary>What counted for each store, in the plan's order.</summary>
    public IReadOnlyList<StoreSafety> Stores { get; init; } = [];

    /// <summary>The store that the loss is of: the first one that is unknown, else the one that loses most; null without stores.</summary>
    public string? Worst => (Stores.FirstOrDefault(store => store.SafeUntil is null) ?? Stores.MinBy(store => store.SafeUntil))?.Store;

    /// <summary>Until when everything is safe; null when one store's time is not known.</summary>
    public DateTimeOffset? SafeUntil => Stores.Any(store => store.SafeUntil is null) ? null : Stores.Min(store => store.SafeUntil);

    /// <summary>
    /// The loss at failover is now less the last good time of the worst store. A store whose lag cannot be read counts by its newest
    /// good sample that is not older than <paramref name="oldestSample"/>, and is unknown without one.
    /// </summary>
    /// <param name="readings">What was read just now, of every store.</param>
    /// <param name="samples">What was sampled before, in any order.</param>
    /// <param name="oldestSample">How old a sample may be, exclusive of none; null when none may stand in.</param>
    /// <param name="now">The moment.</param>
    public static LossEstimate Of(
        IReadOnlyList<LagReading> readings, IReadOnlyList<LagSample> samples, TimeSpan? oldestSample, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(readings);
        ArgumentNullException.ThrowIfNull(samples);
        if (readings.Count == 0)
        {
            return new LossEstimate(null, "no store was looked at");
        }

        TimeSpan? worst = TimeSpan.Zero;
        var stores = new List<StoreSafety>();
        foreach (var reading in readings)
        {
            var (safeUntil, words) = reading.SafeUntil is { } known
                ? (known, $"{reading.Store} is safe until {Time(known)} ({reading.Source})")
                : FromSamples(reading, samples, oldestSample, now);
            stores.Add(new StoreSafety(reading.Store, reading.Source, safeUntil, words));

            // A time ahead of this clock is another clock's: nothing is lost, and never less than nothing.
            var loss = safeUntil is { } until ? (now > until ? now - until : TimeSpan.Zero) : (TimeSpan?)null;
            worst = worst is null || loss is null ? null : loss > worst ? loss : worst;
        }

        return new LossEstimate(worst, string.Join("; ", stores.Select(store => store.Detail))) { Stores = stores };
    }

    private static (DateTimeOffset? SafeUntil, string Words) FromSamples(
        LagReading reading, IReadOnlyList<LagSample> samples, TimeSpan? oldestSample, DateTimeOffset now)
    {
        var why = reading.Trouble ?? "no time is known";
        if (oldestSample is not { } oldest)
        {
            return (null, $"{reading.Store} is unknown: {why}");
        }

        var newest = samples
            .Where(sample => sample.At <= now && now - sample.At <= oldest)
            .OrderByDescending(sample => sample.At)
            .Select(sample => (sample.At, sample.Stores.FirstOrDefault(store => store.Store == reading.Store && store.Source == reading.Source && store.SafeUntil is not null)?.SafeUntil))
            .FirstOrDefault(found => found.SafeUntil is not null);
        return newest.SafeUntil is { } until
            ? (until, $"{reading.Store} was safe until {Time(until)} by the sample of {Time(newest.At)} (now: {why})")
            : (null, string.Create(CultureInfo.InvariantCulture, $"{reading.Store} is unknown: {why}, and no good sample of the last {oldest.TotalSeconds:0} s"));
    }

    private static string Time(DateTimeOffset time) => time.ToString("u", CultureInfo.InvariantCulture);
}

/// <summary>How far one store's data is safe.</summary>
/// <param name="Store">The store.</param>
/// <param name="Source">What said so, such as <c>backup-copy</c>.</param>
/// <param name="SafeUntil">Everything that the store held at this time is safe; null when that is not known.</param>
/// <param name="Detail">Where the time comes from, or why it is not known.</param>
public sealed record StoreSafety(string Store, string Source, DateTimeOffset? SafeUntil, string Detail);
