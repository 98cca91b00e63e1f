using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Manifests;

/// <summary>A time as a manifest has it: seconds since 1970-01-01T00:00:00Z, with up to nine decimals.</summary>
internal static class ManifestTime
{
    private const decimal NanosecondsOfASecond = 1_000_000_000m;
    private const int NanosecondsOfATick = 100;

    /// <summary>When an entry was last written.</summary>
    public static decimal Of(SourceEntry entry) =>
        (((decimal)(entry.LastModified.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * NanosecondsOfATick) + (entry.Unix?.Nanoseconds ?? 0)) / NanosecondsOfASecond;

    /// <summary>The time, and the nanoseconds that it does not hold.</summary>
    /// <exception cref="FormatException">It has more decimals, or lies beyond the years 1 to 9999.</exception>
    public static (DateTimeOffset Time, int Nanoseconds) Read(decimal seconds)
    {
        var nanoseconds = Math.Abs(seconds) < long.MaxValue / 10_000_000 ? seconds * NanosecondsOfASecond : decimal.MaxValue;
        var ticks = decimal.Floor(nanoseconds / NanosecondsOfATick) + DateTimeOffset.UnixEpoch.Ticks;
        return decimal.IsInteger(nanoseconds) && ticks >= DateTimeOffset.MinValue.Ticks && ticks <= DateTimeOffset.MaxValue.Ticks
            ? (new DateTimeOffset((long)ticks, TimeSpan.Zero), (int)(nanoseconds - ((ticks - DateTimeOffset.UnixEpoch.Ticks) * NanosecondsOfATick)))
            : throw new FormatException("'modified' is no time of the years 1 to 9999");
    }
}
