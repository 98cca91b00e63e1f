namespace DrFunctions.App.Limits;

/// <summary>A clock that stands still until it is moved, elapsed time too.</summary>
internal sealed class ElapsedTime : TimeProvider
{
    private TimeSpan _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _elapsed.Ticks;

    public void Advance(TimeSpan by) => _elapsed += by;
}
