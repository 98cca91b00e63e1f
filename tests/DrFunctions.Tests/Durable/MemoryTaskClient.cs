using System.Collections.Concurrent;
using DrFunctions.Testing.Recovery;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DrFunctions.App.Durable;

/// <summary>Orchestrations that are scheduled and never run; every call can be made to fail before or after its effect.</summary>
internal sealed class MemoryTaskClient(Interception interception) : DurableTaskClient("memory")
{
    private readonly ConcurrentDictionary<string, OrchestrationMetadata> _instances = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Instances => [.. _instances.Keys.Order(StringComparer.Ordinal)];

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        var id = options?.InstanceId ?? throw new ArgumentException("The app names its instances.", nameof(options));
        return interception.CallAsync($"Schedule {id}", () => _instances.TryAdd(id, new OrchestrationMetadata(orchestratorName.Name, id))
            ? id
            : throw new InvalidOperationException($"'{id}' is there."));
    }

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
