namespace DrFunctions.App.Deployments;

/// <summary>
/// A clock that runs as the system's does from a time of its own, and can be moved on: the time of day jumps and timers that became
/// due fire. Elapsed time is not moved, so that leases and measurements stay true. Thread-safe.
/// </summary>
internal sealed class ShiftedTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ShiftedTimer> _timers = [];
    private readonly long _started = System.GetTimestamp();
    private TimeSpan _shift;

    private TimeSpan Passed => System.GetElapsedTime(_started) + _shift;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return start + Passed;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ShiftedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Move(TimeSpan time)
    {
        ShiftedTimer[] due;
        lock (_gate)
        {
            _shift += time;
            due = [.. _timers.Where(timer => timer.Due <= Passed).OrderBy(timer => timer.Due)];
        }

        foreach (var timer in due)
        {
            timer.FireNow();
        }
    }

    private sealed class ShiftedTimer : ITimer
    {
        private readonly ShiftedTime _time;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly ITimer _timer;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public ShiftedTimer(ShiftedTime time, TimerCallback callback, object? state)
        {
            (_time, _callback, _state) = (time, callback, state);
            _timer = System.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public TimeSpan Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_time._gate)
            {
                _time._timers.Remove(this);
                _period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = _time.Passed + dueTime;
                    _time._timers.Add(this);
                }
            }

            return _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }

        public void FireNow()
        {
            if (_timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan))
            {
                Fire();
            }
        }

        public void Dispose()
        {
            lock (_time._gate)
            {
                _time._timers.Remove(this);
            }

            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire()
        {
            lock (_time._gate)
            {
                // Once only, when the system's timer and a move come together.
                if (!_time._timers.Remove(this))
                {
                    return;
                }
            }

            if (_period > TimeSpan.Zero)
            {
                Change(_period, _period);
            }

            _callback(_state);
        }
    }
}
