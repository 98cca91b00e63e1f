using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.LocalRuntime.Discovery;

/// <summary>The app's functions.</summary>
internal sealed class FunctionCatalog(IReadOnlyList<FunctionDescriptor> functions)
{
    /// <summary>All, in the order they were found.</summary>
    public IReadOnlyList<FunctionDescriptor> Functions { get; } = functions;

    /// <summary>Whether any function is part of an orchestration or speaks to one.</summary>
    public bool UsesDurable { get; } = functions.Any(function =>
        function.Trigger is OrchestrationFunctionTrigger or ActivityFunctionTrigger
        || function.Method.GetParameters().Any(parameter => parameter.IsDefined(typeof(DurableClientAttribute), inherit: false)));

    /// <summary>One by its name, ignoring case; null where there is none.</summary>
    public FunctionDescriptor? Find(string? name) =>
        Functions.FirstOrDefault(function => string.Equals(function.Name, name, StringComparison.OrdinalIgnoreCase));
}
