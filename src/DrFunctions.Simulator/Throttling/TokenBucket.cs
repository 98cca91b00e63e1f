namespace DrFunctions.Simulator.Throttling;

/// <summary>A token bucket that, once empty, refuses until it is full again. Not thread safe.</summary>
internal sealed class TokenBucket(double capacity, double perSecond)
{
    private double _spent;
    private DateTimeOffset _counted;
    private DateTimeOffset _refusesUntil;

    /// <summary>Takes a token: null and how many are left, or after how many seconds to come again.</summary>
    public (int? RetryAfterSeconds, int Left) Take(DateTimeOffset now)
    {
        _spent = Math.Max(0, _spent - (Math.Max(0, (now - _counted).TotalSeconds) * perSecond));
        _counted = now;
        if (now < _refusesUntil || _spent > capacity - 1)
        {
            // Who comes too early is told anew how long is left.
            _refusesUntil = now >= _refusesUntil ? now + TimeSpan.FromSeconds(_spent / perSecond) : _refusesUntil;
            return (Math.Max(1, (int)Math.Ceiling((_refusesUntil - now).TotalSeconds)), 0);
        }

        _spent++;
        return (null, (int)(capacity - _spent));
    }
}
