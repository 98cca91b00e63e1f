using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.LocalRuntime.Invocation;

/// <summary>The parameters of orchestrators and activities.</summary>
internal static class DurableBinding
{
    /// <summary>The name under which an activity's orchestration is bound.</summary>
    public const string InstanceId = "instanceId";

    private static readonly MethodInfo GetInput = typeof(TaskOrchestrationContext).GetMethod(nameof(TaskOrchestrationContext.GetInput))
        ?? throw new MissingMethodException(nameof(TaskOrchestrationContext), nameof(TaskOrchestrationContext.GetInput));

    /// <summary>The context, and any other parameter from the orchestration's input.</summary>
    public static ParameterBinder? ForOrchestrator(ParameterInfo parameter, bool isTrigger, out string? expected)
    {
        expected = null;
        if (parameter.ParameterType == typeof(TaskOrchestrationContext))
        {
            return ParameterBinding.TriggerValue;
        }

        if (isTrigger)
        {
            return ParameterBinding.Refuse("expected TaskOrchestrationContext", out expected);
        }

        var getInput = GetInput.MakeGenericMethod(parameter.ParameterType);
        return context => ValueTask.FromResult(getInput.Invoke(
            context.Input.Value, BindingFlags.DoNotWrapExceptions, binder: null, parameters: null, culture: null));
    }

    /// <summary>The input from JSON, and <c>string instanceId</c>.</summary>
    public static ParameterBinder? ForActivity(ParameterInfo parameter, bool isTrigger, out string? expected)
    {
        expected = null;
        if (isTrigger)
        {
            return context => ValueTask.FromResult(Input(context, parameter.ParameterType));
        }

        return parameter.Name == InstanceId && parameter.ParameterType == typeof(string)
            ? context => ValueTask.FromResult(context.Input.BindingData[InstanceId])
            : ParameterBinding.Refuse($"expected the input, FunctionContext, CancellationToken, or string {InstanceId}", out expected);
    }

    private static object? Input(LocalFunctionContext context, Type type)
    {
        try
        {
            var value = context.InstanceServices.GetRequiredService<DataConverter>().Deserialize((string?)context.Input.Value, type);
            return value is null && type.IsValueType ? Activator.CreateInstance(type) : value;
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new FunctionInputConverterException(
                $"The input of activity '{context.Function.Name}' is not a {type.Name}: {exception.Message}", exception);
        }
    }
}
