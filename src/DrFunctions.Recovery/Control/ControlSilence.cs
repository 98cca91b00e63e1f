namespace DrFunctions.Recovery.Control;

/// <summary>
/// How long the other app has given no sign of life, by this machine's monotonic clock alone: no clock of another machine is believed.
/// A machine that begins to watch counts from then. Not thread-safe: one watcher watches.
/// </summary>
public sealed class ControlSilence(TimeProvider time)
{
    private string? _account;
    private DateTimeOffset? _last;
    private long? _since;

    /// <summary>Counts a look.</summary>
    /// <param name="sight">What was seen.</param>
    /// <returns>For how long no new sign of life of the app in control was seen; where none is, since the first look.</returns>
    public TimeSpan Count(ControlSight sight)
    {
        ArgumentNullException.ThrowIfNull(sight);
        var account = sight.Term?.Account;
        var last = sight.Beats.Where(beat => beat.Account == account).Max(beat => (DateTimeOffset?)beat.At);
        if (_since is not { } since || account != _account || last != _last)
        {
            (_account, _last, _since) = (account, last, time.GetTimestamp());
            return TimeSpan.Zero;
        }

        return time.GetElapsedTime(since);
    }
}
