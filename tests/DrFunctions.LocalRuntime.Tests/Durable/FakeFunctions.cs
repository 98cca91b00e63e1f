using System.Collections.Concurrent;
using System.Text.Json;
using DrFunctions.LocalRuntime.Durable;
using Microsoft.DurableTask;

namespace DrFunctions.LocalRuntime.Tests.Durable;

/// <summary>Orchestrators and activities as lambdas; counts what runs. Survives the engines, as the world outside does.</summary>
internal sealed class FakeFunctions : IDurableFunctions
{
    private readonly ConcurrentDictionary<string, Func<TaskOrchestrationContext, Task<object?>>> _orchestrators =
        new(StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<string, Func<JsonElement?, CancellationToken, Task<object?>>> _activities =
        new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every activity call that was begun: name and input.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    public FakeFunctions Orchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> code)
    {
        _orchestrators[name] = code;
        return this;
    }

    public FakeFunctions Activity(string name, Func<JsonElement?, CancellationToken, Task<object?>> code)
    {
        _activities[name] = code;
        return this;
    }

    public FakeFunctions Activity(string name, Func<string, object?> code) =>
        Activity(name, (input, _) => Task.FromResult(code(input?.ToString() ?? "")));

    public bool HasOrchestrator(string name) => _orchestrators.ContainsKey(name);

    public bool HasActivity(string name) => _activities.ContainsKey(name);

    public async Task<string?> RunOrchestratorAsync(string name, TaskOrchestrationContext context, CancellationToken ct)
    {
        var result = await _orchestrators[name](context);
        return result is null ? null : JsonSerializer.Serialize(result);
    }

    public async Task<string?> RunActivityAsync(
        string name, string instanceId, string? inputJson, string? traceParent, CancellationToken ct)
    {
        JsonElement? input = inputJson is null ? null : JsonSerializer.Deserialize<JsonElement>(inputJson);
        Calls.Enqueue($"{name}({input})");
        var result = await _activities[name](input, ct);
        return result is null ? null : JsonSerializer.Serialize(result);
    }
}
