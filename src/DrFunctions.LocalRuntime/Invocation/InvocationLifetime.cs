using DrFunctions.LocalRuntime.Discovery;
using DrFunctions.LocalRuntime.Shutdown;
using Microsoft.Extensions.Hosting;

namespace DrFunctions.LocalRuntime.Invocation;

/// <summary>
/// Counts what runs. When the host is told to stop, functions that a request waits for may finish for a while before their token is
/// cancelled, others have it cancelled at once; then the host waits for all of them, but never longer than <see cref="ShutdownTimes"/> say.
/// </summary>
internal sealed class InvocationLifetime : IHostedService, IDisposable
{
    private readonly CancellationToken _stopped;
    private readonly CancellationTokenSource _expired = new();
    private readonly CancellationTokenRegistration _stopping;
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _running;
    private bool _isAwaited;

    public InvocationLifetime(IHostApplicationLifetime lifetime, ShutdownTimes times)
    {
        _stopped = lifetime.ApplicationStopping;
        _stopping = lifetime.ApplicationStopping.Register(() => _expired.CancelAfter(times.Grace));
    }

    /// <summary>How many run now.</summary>
    public int Outstanding
    {
        get
        {
            lock (_lock)
            {
                return _running;
            }
        }
    }

    /// <summary>What a function of this trigger is told to stop by.</summary>
    public CancellationToken Token(FunctionTrigger trigger) => trigger switch
    {
        TimerFunctionTrigger => _stopped,
        _ => _expired.Token, // Of an activity, which the engine tells itself: only it knows that this is no failure.
    };

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
            _isAwaited = true;
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
            if (--_running == 0 && _isAwaited)
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
