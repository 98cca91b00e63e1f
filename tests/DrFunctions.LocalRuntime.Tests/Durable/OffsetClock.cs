namespace DrFunctions.LocalRuntime.Tests.Durable;

/// <summary>A machine's clock that is wrong by a constant; its stopwatch and its timers are right.</summary>
internal sealed class OffsetClock(TimeProvider right, TimeSpan offset) : TimeProvider
{
    public override long TimestampFrequency => right.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => right.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => right.GetUtcNow() + offset;

    public override long GetTimestamp() => right.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        right.CreateTimer(callback, state, dueTime, period);
}
