using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.Durable.Instances;

/// <summary>Tells waiters in this process which status of an instance was written here. Thread-safe.</summary>
internal sealed class InstanceSignals
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<Watch>> _watches = new(StringComparer.Ordinal);

    /// <summary>How many instances are waited for.</summary>
    public int Watched
    {
        get
        {
            lock (_gate)
            {
                return _watches.Count;
            }
        }
    }

    /// <summary>Waits for a status until it is disposed. Ask before reading the state, so that no change is missed.</summary>
    public Watch WatchFor(string instanceId, Func<OrchestrationRuntimeStatus, bool> isSo)
    {
        var watch = new Watch(this, instanceId, isSo);
        lock (_gate)
        {
            if (!_watches.TryGetValue(instanceId, out var watches))
            {
                _watches.Add(instanceId, watches = []);
            }

            watches.Add(watch);
        }

        return watch;
    }

    /// <summary>Tells the waiters.</summary>
    public void Changed(string instanceId, OrchestrationRuntimeStatus status)
    {
        lock (_gate)
        {
            foreach (var watch in _watches.GetValueOrDefault(instanceId) ?? [])
            {
                watch.Tell(status);
            }
        }
    }

    private void Remove(string instanceId, Watch watch)
    {
        lock (_gate)
        {
            if (_watches.TryGetValue(instanceId, out var watches) && watches.Remove(watch) && watches.Count == 0)
            {
                _watches.Remove(instanceId);
            }
        }
    }

    /// <summary>One waiter.</summary>
    internal sealed class Watch(InstanceSignals signals, string instanceId, Func<OrchestrationRuntimeStatus, bool> isSo) : IDisposable
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes with the first such status that is written here.</summary>
        public Task Reached => _reached.Task;

        public void Dispose() => signals.Remove(instanceId, this);

        internal void Tell(OrchestrationRuntimeStatus status)
        {
            if (isSo(status))
            {
                _reached.TrySetResult();
            }
        }
    }
}
