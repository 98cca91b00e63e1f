using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.Tests.Durable.Replay;

/// <summary>
/// An orchestration, and what the world outside does to it. Its code marks where it is: a mark takes a guid and the time, sets the
/// custom status and logs a line. Code that stands in golden documents never changes.
/// </summary>
internal sealed record AwaitKind(string Name, Func<TaskOrchestrationContext, Action<string>, Task<object?>> Code)
{
    public object? Input { get; init; }

    public TimeSpan? StartsAfter { get; init; }

    /// <summary>What is done to it, in this order, each once it is due.</summary>
    public IReadOnlyList<Deed> Deeds { get; init; } = [];

    public Dictionary<string, Func<TaskOrchestrationContext, Action<string>, Task<object?>>> Children { get; init; } = [];

    public override string ToString() => Name;
}

/// <summary>Something that a client does to an instance once it shows that it is due.</summary>
internal sealed record Deed(Func<OrchestrationMetadata, bool> IsDue, Func<DurableTaskClient, string, Task> DoAsync)
{
    /// <summary>Raises an event once the orchestration has made a mark; at once, if none is named.</summary>
    public static Deed Raise(string eventName, object payload, string? after = null) => new(
        found => after is null || Shows(found, after), (client, id) => client.RaiseEventAsync(id, eventName, payload));

    public static bool Shows(OrchestrationMetadata found, string mark) => found.SerializedCustomStatus == $"\"{mark}\"";
}
