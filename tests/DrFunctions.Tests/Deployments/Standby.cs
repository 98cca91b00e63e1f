using DrFunctions.App.Control;
using DrFunctions.LocalRuntime.Testing;

namespace DrFunctions.App.Deployments;

/// <summary>The app that stands by.</summary>
internal sealed record Standby(FunctionsTestHost Host, Api Api, ShiftedTime Time, MovedStopwatch Stopwatch) : IAsyncDisposable
{
    /// <summary>Gives a sign of life and looks for the other app's, now.</summary>
    public Task WatchAsync() => Host.RunTimerAsync(ControlWatch.Name);

    /// <summary>Runs the minute tick now.</summary>
    public Task TickAsync() => Host.RunTimerAsync("Tick");

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

/// <summary>A stopwatch that can be moved on.</summary>
internal sealed class MovedStopwatch : TimeProvider
{
    private long _moved;

    public override long GetTimestamp() => System.GetTimestamp() + Interlocked.Read(ref _moved);

    public void Move(TimeSpan time) => Interlocked.Add(ref _moved, (long)(time.TotalSeconds * TimestampFrequency));
}
