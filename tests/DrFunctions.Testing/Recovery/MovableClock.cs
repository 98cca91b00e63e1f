namespace DrFunctions.Testing.Recovery;

/// <summary>A clock that moves when told, and a millisecond with every look, so that no two moments are the same. Thread-safe.</summary>
public sealed class MovableClock : TimeProvider
{
    /// <summary>What the clock shows at first.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    private long _ticks = Start.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Add(ref _ticks, TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
