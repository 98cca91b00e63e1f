using DrFunctions.LocalRuntime.Settings;

namespace DrFunctions.LocalRuntime.Http;

/// <summary>
/// Holds requests to HTTP functions to host.json's limits: <c>maxConcurrentRequests</c> run at once and others wait, those beyond
/// <c>maxOutstandingRequests</c> are turned away. Safe for any number of callers.
/// </summary>
internal sealed class RequestLimit(HostOptions options) : IDisposable
{
    private readonly SemaphoreSlim? _running = options.MaxConcurrentRequests is { } most ? new(most) : null;
    private int _outstanding;

    /// <summary>How many run or wait now.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>Waits for a place.</summary>
    /// <returns>The place, given back when disposed; null where too many wait already.</returns>
    public async Task<IDisposable?> EnterAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _outstanding) > (options.MaxOutstandingRequests ?? int.MaxValue))
        {
            Interlocked.Decrement(ref _outstanding);
            return null;
        }

        try
        {
            await (_running?.WaitAsync(cancellationToken) ?? Task.CompletedTask);
            return new Place(this);
        }
        catch
        {
            Interlocked.Decrement(ref _outstanding);
            throw;
        }
    }

    public void Dispose() => _running?.Dispose();

    private void Leave()
    {
        _running?.Release();
        Interlocked.Decrement(ref _outstanding);
    }

    private sealed class Place(RequestLimit limit) : IDisposable
    {
        public void Dispose() => limit.Leave();
    }
}
