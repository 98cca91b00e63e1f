namespace DrFunctions.LocalRuntime.Storage;

/// <summary>Pauses between attempts to reach the storage: 1 s, doubling up to 30 s. For one caller.</summary>
internal sealed class RetryDelay
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private TimeSpan _next = TimeSpan.FromSeconds(1);

    /// <summary>The pause before the next attempt.</summary>
    public TimeSpan Next()
    {
        var delay = _next;
        _next = delay * 2 < Longest ? delay * 2 : Longest;
        return delay;
    }

    /// <summary>Starts over after a success.</summary>
    public void Reset() => _next = TimeSpan.FromSeconds(1);
}
