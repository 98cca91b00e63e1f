namespace DrFunctions.LocalRuntime.Durable.Sessions;

/// <summary>
/// Runs what is put into it, so many at once, first come first served. What waits costs its place in the queue and no task.
/// Thread-safe.
/// </summary>
/// <param name="atOnce">How many run at once.</param>
/// <param name="work">Runs one; must not throw.</param>
/// <param name="track">Is given every task that runs some.</param>
internal sealed class WorkQueue<T>(int atOnce, Func<T, Task> work, Action<Task> track)
{
    private readonly Lock _gate = new();
    private readonly Queue<T> _waiting = new();
    private int _running;

    /// <summary>How many wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Runs something as soon as there is room for it.</summary>
    public void Enqueue(T item)
    {
        lock (_gate)
        {
            _waiting.Enqueue(item);
            if (_running == atOnce)
            {
                return;
            }

            _running++;
        }

        track(Task.Run(RunAsync));
    }

    private async Task RunAsync()
    {
        while (TryTake(out var item))
        {
            await work(item);
        }
    }

    private bool TryTake(out T item)
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out item!)) // Not used when there is none.
            {
                return true;
            }

            _running--;
            return false;
        }
    }
}
