namespace DrFunctions.Cloud.Clocks;

/// <summary>
/// The one clock of all hosts: that of the control storage account, read from the <c>Date</c> of its answers. Hosts whose own clocks
/// are minutes apart agree to within two seconds and the time of a round trip, so that what one of them began another one can end.
/// Thread-safe.
/// </summary>
/// <remarks>
/// A date of whole seconds bounds the account's time between two moments of the host's stopwatch (Cristian's algorithm); the bounds of
/// several answers are intersected. Between answers time goes on by the stopwatch, which nobody sets. Until the first answer it is the
/// host's own time: whoever decides by what is stored has read it, and so has had an answer.
/// </remarks>
/// <param name="host">The host's own clock, stopwatch and timers.</param>
public sealed class StorageClock(TimeProvider host) : TimeProvider
{
    // Dates are cut off to the second.
    private static readonly TimeSpan s_resolution = TimeSpan.FromSeconds(1);

    // What a stopwatch may go wrong by, for each second: far more than a crystal does.
    private const double Drift = 200e-6;

    private readonly Lock _gate = new();
    private volatile Bounds? _bounds;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => host.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => host.TimestampFrequency;

    /// <summary>How far the host's own clock is ahead of the account's; null before the first answer.</summary>
    public TimeSpan? HostIsAhead => _bounds is { } bounds ? host.GetUtcNow() - bounds.At(host) : null;

    /// <summary>The account's time; before its first answer the host's.</summary>
    public override DateTimeOffset GetUtcNow() => _bounds is { } bounds ? bounds.At(host) : host.GetUtcNow();

    /// <inheritdoc/>
    public override long GetTimestamp() => host.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        host.CreateTimer(callback, state, dueTime, period);

    /// <summary>Takes an answer's date.</summary>
    /// <param name="date">The date, cut off to whole seconds.</param>
    /// <param name="sent">The <see cref="GetTimestamp"/> before the request was sent.</param>
    /// <param name="received">That when the answer had come.</param>
    public void Observe(DateTimeOffset date, long sent, long received)
    {
        var seen = new Bounds(received, date, date + s_resolution + host.GetElapsedTime(sent, received));
        lock (_gate)
        {
            _bounds = _bounds?.Narrowed(seen, host) ?? seen;
        }
    }

    /// <summary>Between which moments the account's time was when the stopwatch showed <paramref name="Timestamp"/>.</summary>
    private sealed record Bounds(long Timestamp, DateTimeOffset Earliest, DateTimeOffset Latest)
    {
        public DateTimeOffset At(TimeProvider host) => Earliest + ((Latest - Earliest) / 2) + host.GetElapsedTime(Timestamp);

        /// <summary>Both together; bounds that do not meet mean that the machine slept or the account's clock was set: then the new ones.</summary>
        public Bounds Narrowed(Bounds newer, TimeProvider host)
        {
            var passed = host.GetElapsedTime(Timestamp, newer.Timestamp);
            var slack = passed.Duration() * Drift;
            var (earliest, latest) = (Earliest + passed - slack, Latest + passed + slack);
            (earliest, latest) = (earliest > newer.Earliest ? earliest : newer.Earliest, latest < newer.Latest ? latest : newer.Latest);
            return earliest <= latest ? new Bounds(newer.Timestamp, earliest, latest) : newer;
        }
    }
}
