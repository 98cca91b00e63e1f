using System.Collections.Concurrent;
using DrFunctions.Testing.Recovery;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DrFunctions.App.Durable;

/// <summary>Orchestrations that are scheduled, and run only by <see cref="Run"/>; every call can be made to fail before or after its effect.</summary>
internal sealed class MemoryTaskClient(Interception interception) : DurableTaskClient("memory")
{
    private readonly ConcurrentDictionary<string, OrchestrationMetadata> _instances = new(StringComparer.Ordinal);

    private readonly ConcurrentBag<Task> _running = [];

    /// <summary>Runs an instance from the moment it is scheduled; it ends with <see cref="Complete"/>. Default: never ends.</summary>
    public Func<string, Task> Run { get; init; } = _ => Task.CompletedTask;

    public IReadOnlyList<string> Instances => [.. _instances.Keys.Order(StringComparer.Ordinal)];

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        var id = options?.InstanceId ?? throw new ArgumentException("The app names its instances.", nameof(options));
        return interception.CallAsync($"Schedule {id}", () =>
        {
            var scheduled = new OrchestrationMetadata(orchestratorName.Name, id);
            if (_instances.AddOrUpdate(id, scheduled, (_, seen) => seen.IsCompleted ? scheduled : seen) != scheduled)
            {
                throw new InvalidOperationException($"'{id}' is there.");
            }

            _running.Add(Run(id));
            return id;
        });
    }

    /// <summary>Ends an instance.</summary>
    public void Complete(string id) =>
        _instances[id] = new OrchestrationMetadata(_instances[id].Name, id) { RuntimeStatus = OrchestrationRuntimeStatus.Completed };

    /// <summary>Waits for all that ran.</summary>
    public Task AllRunAsync() => Task.WhenAll(_running);

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        interception.CallAsync($"Get {instanceId}", () => _instances.GetValueOrDefault(instanceId));

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => throw new NotSupportedException();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
