using System.Collections.Concurrent;

namespace DrFunctions.Recovery.Fences;

/// <summary>
/// For how long this process has seen something hold, by its monotonic clock. A process that was started since has seen it for no
/// time, and waits anew: that costs time and never trusts another machine's clock. Thread-safe.
/// </summary>
internal sealed class HeldSince(TimeProvider time)
{
    // Runs that were given up leave theirs behind; forgetting all of them only makes others wait anew.
    private const int Most = 1000;

    private readonly ConcurrentDictionary<string, long> since = new(StringComparer.Ordinal);

    /// <summary>How long it has held; zero at the first look.</summary>
    public TimeSpan Look(string what)
    {
        if (since.Count > Most)
        {
            since.Clear();
        }

        return time.GetElapsedTime(since.GetOrAdd(what, _ => time.GetTimestamp()));
    }

    /// <summary>It does not hold, or does not matter, any more.</summary>
    public void Forget(string what) => since.TryRemove(what, out _);
}
