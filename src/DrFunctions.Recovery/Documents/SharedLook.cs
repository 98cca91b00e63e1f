namespace DrFunctions.Recovery.Documents;

/// <summary>
/// A look that many want at once and that costs as much for one as for all. Whoever asks gets a look that begins after the call: those
/// who come while one is under way share the next. Thread-safe; looks never overlap.
/// </summary>
/// <param name="look">Takes one look. Not given a caller's token, because others wait for the same look: it must end by itself.</param>
public sealed class SharedLook<T>(Func<Task<T>> look)
{
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private Task<T>? _next;

    /// <summary>What a look finds that begins after this call.</summary>
    /// <param name="cancellationToken">Ends this caller's wait, not the look.</param>
    public Task<T> TakeAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return (_next ??= TakeAfterAsync(_running)).WaitAsync(cancellationToken);
        }
    }

    private async Task<T> TakeAfterAsync(Task before)
    {
        // What became of the one before is its own callers' matter. Never at once: the caller still holds the gate.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_gate)
        {
            _running = _next!; // this very task: only these lines replace it
            _next = null;
        }

        BackgroundWork.Leave();
        return await look();
    }
}
