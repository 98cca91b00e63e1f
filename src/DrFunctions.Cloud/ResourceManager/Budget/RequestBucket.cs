namespace DrFunctions.Cloud.ResourceManager.Budget;

/// <summary>A token bucket that lends: who takes from an empty one is told when its token will be there. Thread-safe.</summary>
/// <param name="time">The clock; its timestamps only.</param>
/// <param name="capacity">Tokens at most, and at the beginning.</param>
/// <param name="perSecond">Tokens that come back each second.</param>
internal sealed class RequestBucket(TimeProvider time, double capacity, double perSecond)
{
    private readonly Lock _gate = new();
    private double _spent;
    private long _at = time.GetTimestamp();
    private TimeSpan _held;

    /// <summary>Takes a token, unless it would be there only after more than <paramref name="most"/>.</summary>
    /// <returns>How long until the token is there; zero when it is.</returns>
    public TimeSpan Take(TimeSpan most)
    {
        lock (_gate)
        {
            Refill();
            var wait = TimeSpan.FromSeconds(Math.Max(0, (_spent + 1 - capacity) / perSecond));
            wait = wait > _held ? wait : _held;
            if (wait <= most)
            {
                _spent++;
            }

            return wait;
        }
    }

    /// <summary>Gives nothing out for a time.</summary>
    public void Hold(TimeSpan length)
    {
        lock (_gate)
        {
            Refill();
            _held = length > _held ? length : _held;
        }
    }

    private void Refill()
    {
        var now = time.GetTimestamp();
        var passed = time.GetElapsedTime(_at, now);
        _at = now;
        _spent = Math.Max(0, _spent - (passed.TotalSeconds * perSecond));
        _held = passed < _held ? _held - passed : TimeSpan.Zero;
    }
}
