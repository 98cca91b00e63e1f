using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Makes a function an orchestrator.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class OrchestrationTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The orchestrator's name; default the function's name.</summary>
    public string? Orchestration { get; set; }
}

/// <summary>Makes a function an activity.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ActivityTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The activity's name; default the function's name.</summary>
    public string? Activity { get; set; }
}

/// <summary>Binds a parameter to the client of the task hub.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class DurableClientAttribute : InputBindingAttribute
{
    /// <summary>The task hub; default the one of host.json.</summary>
    public string? TaskHub { get; set; }

    /// <summary>The storage setting's name; default <c>AzureWebJobsStorage</c>.</summary>
    public string? ConnectionName { get; set; }
}
