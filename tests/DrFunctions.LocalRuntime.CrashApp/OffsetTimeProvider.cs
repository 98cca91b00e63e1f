namespace DrFunctions.LocalRuntime.CrashApp;

/// <summary>A machine's clock that is wrong by a constant; its stopwatch is right.</summary>
internal sealed class OffsetTimeProvider(TimeSpan offset) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + offset;
}
