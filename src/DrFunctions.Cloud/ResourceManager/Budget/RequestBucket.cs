namespace DrFunctions.Cloud.ResourceManager.Budget;

/// <summary>
/// A token bucket that lends: who takes from an empty one is told when its token will be there. Who can wait takes only what is spare: above
/// a reserve, or as a small share of what comes back, so that it never ends altogether. Thread-safe.
/// </summary>
/// <param name="time">The clock; its timestamps only.</param>
/// <param name="capacity">Tokens at most, and at the beginning.</param>
/// <param name="perSecond">Tokens that come back each second.</param>
internal sealed class RequestBucket(TimeProvider time, double capacity, double perSecond)
{
    /// <summary>The part of the bucket that is not spare.</summary>
    public const double Reserve = 0.8;

    /// <summary>The part of what comes back that is spare even where nothing else is.</summary>
    public const double SpareShare = 0.1;

    private readonly Lock _gate = new();
    private double _spent;
    private long _at = time.GetTimestamp();
    private TimeSpan _held;
    private TimeSpan _untilShare = BetweenShares(perSecond);
    private Task _line = Task.CompletedTask;

    /// <summary>Takes a token, unless it would be there only after more than <paramref name="most"/>.</summary>
    /// <returns>How long until the token is there; zero when it is.</returns>
    public TimeSpan Take(TimeSpan most)
    {
        lock (_gate)
        {
            Refill();
            var wait = Until(capacity);
            wait = wait > _held ? wait : _held;
            if (wait <= most)
            {
                _spent++;
            }

            return wait;
        }
    }

    /// <summary>Takes a token when one is spare, and waits until it is there. First come, first served.</summary>
    public async Task TakeSpareAsync(CancellationToken cancellationToken)
    {
        Task<TimeSpan> place;
        lock (_gate)
        {
            _line = place = TakeAfterAsync(_line, cancellationToken);
        }

        var wait = await place.WaitAsync(cancellationToken);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    /// <summary>Gives nothing out for a time: whoever refused a token has counted more than this bucket, which is taken to be empty.</summary>
    public void Hold(TimeSpan length)
    {
        lock (_gate)
        {
            Refill();
            _spent = Math.Max(_spent, capacity);
            _held = length > _held ? length : _held;
        }
    }

    // Whoever gave up keeps the place until it is reached: nobody behind it goes before those in front.
    private async Task<TimeSpan> TakeAfterAsync(Task before, CancellationToken cancellationToken)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        while (true)
        {
            var (isTaken, wait) = TryTakeSpare();
            if (isTaken)
            {
                return wait;
            }

            await Task.Delay(wait, time, cancellationToken);
        }
    }

    // Taken, and how long until the token is there: a share is lent as any token is. Or after how long there may be one.
    private (bool IsTaken, TimeSpan Wait) TryTakeSpare()
    {
        lock (_gate)
        {
            Refill();
            var wait = Until(capacity * (1 - Reserve));
            wait = wait < _untilShare ? wait : _untilShare;
            wait = wait > _held ? wait : _held;
            if (wait > TimeSpan.Zero)
            {
                return (false, wait);
            }

            wait = Until(capacity);
            _spent++;
            _untilShare = BetweenShares(perSecond);
            return (true, wait);
        }
    }

    private TimeSpan Until(double most) => TimeSpan.FromSeconds(Math.Max(0, (_spent + 1 - most) / perSecond));

    private void Refill()
    {
        var now = time.GetTimestamp();
        var passed = time.GetElapsedTime(_at, now);
        _at = now;
        _spent = Math.Max(0, _spent - (passed.TotalSeconds * perSecond));
        _held = Less(_held, passed);
        _untilShare = Less(_untilShare, passed);
    }

    private static TimeSpan BetweenShares(double perSecond) => TimeSpan.FromSeconds(1 / (perSecond * SpareShare));

    private static TimeSpan Less(TimeSpan left, TimeSpan passed) => passed < left ? left - passed : TimeSpan.Zero;
}
