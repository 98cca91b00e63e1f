namespace DrFunctions.App.Limits;

/// <summary>
/// A token bucket for each of many keys: a minute's worth at once, refilled evenly. Bounded: when there are too many, those that are
/// full again are forgotten, and while there are none of these all new keys share one. Thread-safe.
/// </summary>
/// <param name="perMinute">Of one key; also the most at once.</param>
/// <param name="most">The most keys that have a bucket of their own.</param>
/// <param name="time">The clock; only elapsed time is looked at.</param>
internal sealed class TokenBuckets(int perMinute, int most, TimeProvider time)
{
    private const string Shared = "";

    private static readonly TimeSpan SweepPause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (double Tokens, long At)> _buckets = [];
    private long? _swept;

    /// <summary>How many keys have a bucket.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _buckets.Count;
            }
        }
    }

    /// <summary>Takes one token. Null when there was one, else how long until there is.</summary>
    public TimeSpan? Take(string key)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (!_buckets.ContainsKey(key) && _buckets.Count >= most)
            {
                Sweep(now);
                key = _buckets.Count < most ? key : Shared;
            }

            var tokens = _buckets.TryGetValue(key, out var bucket) ? Tokens(bucket, now) : perMinute;
            if (tokens < 1)
            {
                return TimeSpan.FromMinutes((1 - tokens) / perMinute);
            }

            _buckets[key] = (tokens - 1, now);
            return null;
        }
    }

    private double Tokens((double Tokens, long At) bucket, long now) =>
        Math.Min(perMinute, bucket.Tokens + (time.GetElapsedTime(bucket.At, now).TotalMinutes * perMinute));

    // A full bucket and none are the same. Not at every request of a flood: it looks at all of them.
    private void Sweep(long now)
    {
        if (_swept is { } last && time.GetElapsedTime(last, now) < SweepPause)
        {
            return;
        }

        _swept = now;
        foreach (var (key, bucket) in _buckets)
        {
            if (Tokens(bucket, now) >= perMinute)
            {
                _buckets.Remove(key);
            }
        }
    }
}
