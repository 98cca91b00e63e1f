namespace DrFunctions.LocalRuntime.Durable.Sessions;

/// <summary>
/// Runs what is put into it, so many at once: of one kind first come first served, of several kinds one of each in turn, so that a
/// thousand of one kind do not keep the first of another waiting. What waits costs its place in the queue and no task. Thread-safe.
/// </summary>
/// <param name="atOnce">How many run at once.</param>
/// <param name="work">Runs one; must not throw.</param>
/// <param name="track">Is given every task that runs some.</param>
/// <param name="kindOf">The kind of one; default: all are of one kind.</param>
internal sealed class WorkQueue<T>(int atOnce, Func<T, Task> work, Action<Task> track, Func<T, string>? kindOf = null)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<T>> _waiting = new(StringComparer.Ordinal);

    // The kinds that wait, the next to be served first. A kind is in it once, as long as some of it waits.
    private readonly Queue<string> _turns = new();
    private int _running;

    /// <summary>How many wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Values.Sum(queue => queue.Count);
            }
        }
    }

    /// <summary>Runs something as soon as there is room for it.</summary>
    public void Enqueue(T item)
    {
        lock (_gate)
        {
            var kind = kindOf?.Invoke(item) ?? "";
            if (!_waiting.TryGetValue(kind, out var queue))
            {
                _waiting.Add(kind, queue = new Queue<T>());
                _turns.Enqueue(kind);
            }

            queue.Enqueue(item);
            if (_running == atOnce)
            {
                return;
            }

            _running++;
        }

        // In nobody's context: it goes on to what others put in.
        using (ExecutionContext.IsFlowSuppressed() ? (AsyncFlowControl?)null : ExecutionContext.SuppressFlow())
        {
            track(Task.Run(RunAsync));
        }
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
            if (!_turns.TryDequeue(out var kind))
            {
                item = default!; // Not used when there is none.
                _running--;
                return false;
            }

            var queue = _waiting[kind];
            item = queue.Dequeue();
            if (queue.Count > 0)
            {
                _turns.Enqueue(kind);
            }
            else
            {
                _waiting.Remove(kind);
            }

            return true;
        }
    }
}
