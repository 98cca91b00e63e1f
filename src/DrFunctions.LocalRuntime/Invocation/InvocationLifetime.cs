using Microsoft.Extensions.Hosting;

namespace DrFunctions.LocalRuntime.Invocation;

/// <summary>
/// Counts what runs. A host that stops lets it finish for <see cref="Grace"/>, then cancels it, and never waits longer than
/// <see cref="ShutdownTimeout"/>.
/// </summary>
internal sealed class InvocationLifetime : IHostedService, IDisposable
{
    /// <summary>How long what runs may go on after the host was told to stop.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    /// <summary>How long a stop may take altogether.</summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(25);

    private readonly CancellationTokenSource _expired = new();
    private readonly CancellationTokenRegistration _stopping;
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _running;
    private bool _stopped;

    public InvocationLifetime(IHostApplicationLifetime lifetime)
    {
        _stopping = lifetime.ApplicationStopping.Register(() => _expired.CancelAfter(Grace));
    }

    /// <summary>Cancelled when a stopping host's grace is over.</summary>
    public CancellationToken Expired => _expired.Token;

    /// <summary>Counts an invocation until the result is disposed.</summary>
    public IDisposable Begin()
    {
        lock (_lock)
        {
            _running++;
        }

        return new Running(this);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _stopped = true;
            if (_running == 0)
            {
                _idle.TrySetResult();
            }
        }

        // What does not end in time is left behind: the process ends, and everything durable starts again.
        await _idle.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _expired.Dispose();
    }

    private void End()
    {
        lock (_lock)
        {
            if (--_running == 0 && _stopped)
            {
                _idle.TrySetResult();
            }
        }
    }

    private sealed class Running(InvocationLifetime lifetime) : IDisposable
    {
        public void Dispose() => lifetime.End();
    }
}
