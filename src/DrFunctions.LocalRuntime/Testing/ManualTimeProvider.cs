namespace DrFunctions.LocalRuntime.Testing;

/// <summary>
/// A clock that moves only when it is told to. <see cref="Advance"/> jumps: the clock shows the new time before any timer fires,
/// as after a pause of the process; timers fire in the order in which they were due, on the caller's thread. Thread-safe.
/// </summary>
/// <param name="start">The time it shows first.</param>
public sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly DateTimeOffset _start = start;
    private TimeSpan _elapsed;

    /// <summary>A clock that starts at the beginning of 2030, in UTC.</summary>
    public ManualTimeProvider()
        : this(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <inheritdoc />
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc />
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _start + _elapsed;
        }
    }

    /// <inheritdoc />
    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _elapsed.Ticks;
        }
    }

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and fires what is due, also what becomes due by firing.</summary>
    /// <param name="time">How far, not below zero.</param>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        lock (_gate)
        {
            _elapsed += time;
        }

        while (NextDue() is { } due)
        {
            due.Fire();
        }
    }

    private ManualTimer? NextDue()
    {
        lock (_gate)
        {
            var due = _timers.Where(timer => timer.Due <= _elapsed).MinBy(timer => timer.Due);
            due?.Rearm();
            return due;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public TimeSpan Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                _period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = time._elapsed + dueTime;
                    time._timers.Add(this);
                }

                if (dueTime != TimeSpan.Zero)
                {
                    return true;
                }
            }

            // A timer that is due at once fires at once, as the system's would: nobody may come to advance the clock.
            ThreadPool.QueueUserWorkItem(_ => time.Advance(TimeSpan.Zero));
            return true;
        }

        public void Rearm()
        {
            if (_period == Timeout.InfiniteTimeSpan || _period == TimeSpan.Zero)
            {
                time._timers.Remove(this);
            }
            else
            {
                var missed = Math.Max(1, (long)((time._elapsed - Due) / _period));
                Due += missed * _period;
            }
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
