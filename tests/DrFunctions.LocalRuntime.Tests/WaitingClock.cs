using DrFunctions.LocalRuntime.Testing;

namespace DrFunctions.LocalRuntime;

/// <summary>
/// A manual clock that knows who waits on it, so that a test moves it exactly to the next timer, and only once there is one: however
/// slow the machine, nothing is late unless the test says so.
/// </summary>
internal sealed class WaitingClock(DateTimeOffset start) : TimeProvider
{
    private readonly ManualTimeProvider _clock = new(start);
    private readonly Lock _lock = new();
    private readonly List<Waiting> _waiting = [];

    public override TimeZoneInfo LocalTimeZone => _clock.LocalTimeZone;

    public override long TimestampFrequency => _clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow();

    public override long GetTimestamp() => _clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var waiting = new Waiting(this, callback);
        waiting.Start(_clock.CreateTimer(waiting.Fire, state, Timeout.InfiniteTimeSpan, period), dueTime, period);
        return waiting;
    }

    /// <summary>Moves the clock whether or not anyone waits.</summary>
    public void Advance(TimeSpan time) => _clock.Advance(time);

    /// <summary>Moves the clock from timer to timer until the condition holds.</summary>
    public async Task RunUntilAsync(Func<bool> condition, string what)
    {
        while (!condition())
        {
            await Eventually.HoldsAsync(() => condition() || Next() is not null, what);
            if (!condition() && Next() is { } next)
            {
                _clock.Advance(next > _clock.GetUtcNow() ? next - _clock.GetUtcNow() : TimeSpan.Zero);
            }
        }
    }

    private DateTimeOffset? Next()
    {
        lock (_lock)
        {
            return _waiting.Min(waiting => waiting.Due);
        }
    }

    private sealed class Waiting(WaitingClock clock, TimerCallback callback) : ITimer
    {
        private ITimer? _timer;

        public DateTimeOffset? Due { get; private set; }

        public void Start(ITimer timer, TimeSpan dueTime, TimeSpan period)
        {
            _timer = timer;
            Change(dueTime, period);
        }

        public void Fire(object? state)
        {
            Set(null);
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Set(dueTime == Timeout.InfiniteTimeSpan ? null : clock.GetUtcNow() + dueTime);
            return _timer?.Change(dueTime, period) == true;
        }

        public void Dispose()
        {
            Set(null);
            _timer?.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Set(DateTimeOffset? due)
        {
            lock (clock._lock)
            {
                Due = due;
                clock._waiting.Remove(this);
                if (due is not null)
                {
                    clock._waiting.Add(this);
                }
            }
        }
    }
}
