namespace DrFunctions.LocalRuntime.Durable;

/// <summary>A pause that can be cut short. One waiter; any number of wakers.</summary>
internal sealed class WakeSignal(TimeProvider time)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _woken = New();

    /// <summary>Ends the pause, or makes the next one end at once.</summary>
    public void Set()
    {
        lock (_gate)
        {
            _woken.TrySetResult();
        }
    }

    /// <summary>Waits for a wake or for the time to pass.</summary>
    public async Task WaitAsync(TimeSpan pause, CancellationToken ct)
    {
        Task woken;
        lock (_gate)
        {
            woken = _woken.Task;
        }

        using (var delay = CancellationTokenSource.CreateLinkedTokenSource(ct))
        {
            await Task.WhenAny(woken, Task.Delay(pause, time, delay.Token));
            await delay.CancelAsync();
        }

        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_woken.Task.IsCompleted)
            {
                _woken = New();
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
