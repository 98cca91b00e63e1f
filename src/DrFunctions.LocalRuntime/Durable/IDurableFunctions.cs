using Microsoft.DurableTask;

namespace DrFunctions.LocalRuntime.Durable;

/// <summary>The app's orchestrators and activities, as the engine calls them.</summary>
internal interface IDurableFunctions
{
    /// <summary>Whether the app has an orchestrator of this name (compared without case).</summary>
    bool HasOrchestrator(string name);

    /// <summary>Whether the app has an activity of this name (compared without case).</summary>
    bool HasActivity(string name);

    /// <summary>
    /// Runs an orchestrator and returns its result as JSON. It runs on the engine's single-threaded scheduler and must not leave
    /// it: no ConfigureAwait(false), no Task.Run, no await of anything but what the context gave out.
    /// </summary>
    Task<string?> RunOrchestratorAsync(string name, TaskOrchestrationContext context, CancellationToken ct);

    /// <summary>Runs an activity and returns its result as JSON; what it throws fails the task.</summary>
    Task<string?> RunActivityAsync(string name, string instanceId, string? inputJson, string? traceParent, CancellationToken ct);
}
