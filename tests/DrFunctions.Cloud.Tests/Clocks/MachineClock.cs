namespace DrFunctions.Cloud.Tests.Clocks;

/// <summary>A machine whose clock and stopwatch move when told; the clock can also be set.</summary>
internal sealed class MachineClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset _now = start;
    private long _timestamp = 1;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _timestamp;

    public void Set(DateTimeOffset time) => _now = time;

    public void Advance(TimeSpan by) => (_now, _timestamp) = (_now + by, _timestamp + by.Ticks);
}
