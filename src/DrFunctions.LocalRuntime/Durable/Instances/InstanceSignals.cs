using System.Collections.Concurrent;

namespace DrFunctions.LocalRuntime.Durable.Instances;

/// <summary>Tells waiters in this process that an instance has changed. Thread-safe.</summary>
internal sealed class InstanceSignals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);

    /// <summary>Completes with the next change. Ask before reading the state, so that no change is missed.</summary>
    public Task NextChange(string instanceId) => _waiting.GetOrAdd(
        instanceId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Tells the waiters.</summary>
    public void Changed(string instanceId)
    {
        if (_waiting.TryRemove(instanceId, out var waiting))
        {
            waiting.TrySetResult();
        }
    }
}
