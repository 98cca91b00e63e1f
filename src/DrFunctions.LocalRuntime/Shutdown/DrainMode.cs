using Microsoft.Extensions.Hosting;

namespace DrFunctions.LocalRuntime.Shutdown;

/// <summary>
/// Whether the host takes no more work: since it was told to stop, or since <c>POST /admin/host/drain</c>. It never goes back: a host
/// that shall work again is started again. Thread-safe.
/// </summary>
internal sealed class DrainMode : IDisposable
{
    private readonly CancellationTokenSource _begun = new();
    private readonly CancellationTokenRegistration _stopping;

    public DrainMode(IHostApplicationLifetime lifetime)
    {
        Stopping = lifetime.ApplicationStopping;
        _stopping = lifetime.ApplicationStopping.Register(Begin);
    }

    /// <summary>Cancelled when timers are to fire no more, and no activity is to begin.</summary>
    public CancellationToken Begun => _begun.Token;

    /// <summary>Cancelled when the host was told to stop: no request is to begin either.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Takes no more work from now on.</summary>
    public void Begin() => _begun.Cancel();

    public void Dispose()
    {
        _stopping.Dispose();
        _begun.Dispose();
    }
}
