using System.Diagnostics;
using DrFunctions.LocalRuntime.Discovery;
using DrFunctions.LocalRuntime.Durable;
using Microsoft.DurableTask;

namespace DrFunctions.LocalRuntime.Invocation;

/// <summary>The app's orchestrators and activities for the durable engine.</summary>
internal sealed class DurableFunctions(FunctionCatalog catalog, FunctionInvoker invoker, DurableOptions options) : IDurableFunctions
{
    private readonly Dictionary<string, FunctionDescriptor> _orchestrators = catalog.Functions
        .Where(function => function is { IsDisabled: false, Trigger: OrchestrationFunctionTrigger })
        .ToDictionary(function => ((OrchestrationFunctionTrigger)function.Trigger).Name, StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, FunctionDescriptor> _activities = catalog.Functions
        .Where(function => function is { IsDisabled: false, Trigger: ActivityFunctionTrigger })
        .ToDictionary(function => ((ActivityFunctionTrigger)function.Trigger).Name, StringComparer.OrdinalIgnoreCase);

    public bool HasOrchestrator(string name) => _orchestrators.ContainsKey(name);

    public bool HasActivity(string name) => _activities.ContainsKey(name);

    public async Task<string?> RunOrchestratorAsync(string name, TaskOrchestrationContext context, CancellationToken ct)
    {
        var input = new TriggerInput(context) { Span = Activity.Current };
        return options.DataConverter.Serialize(
            await invoker.InvokeOrchestratorAsync(_orchestrators[name], input, context.InstanceId, ct));
    }

    public async Task<string?> RunActivityAsync(string name, string instanceId, string? inputJson, string? traceParent, CancellationToken ct)
    {
        var input = new TriggerInput(inputJson)
        {
            Span = Activity.Current is { } span && span.Id == traceParent ? span : null,
            BindingData = new Dictionary<string, object?> { [DurableBinding.InstanceId] = instanceId },
        };
        return options.DataConverter.Serialize(await invoker.InvokeAsync(_activities[name], input, useResult: null, ct));
    }
}
