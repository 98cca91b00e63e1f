using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using DrFunctions.LocalRuntime.Discovery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.LocalRuntime.Invocation;

/// <summary>Gives one parameter its value.</summary>
internal delegate ValueTask<object?> ParameterBinder(LocalFunctionContext context);

/// <summary>Decides at the start how each parameter gets its value, so that a mistake shows before the first invocation.</summary>
internal static class ParameterBinding
{
    /// <summary>The binder; null, with what was expected, where nothing can give the parameter a value.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="isTrigger">Whether it is the trigger's own.</param>
    /// <param name="trigger">The function's trigger.</param>
    /// <param name="expected">What was expected.</param>
    public static ParameterBinder? For(
        ParameterInfo parameter, bool isTrigger, FunctionTrigger trigger, [NotNullWhen(false)] out string? expected)
    {
        expected = Unsupported(parameter);
        if (expected is not null)
        {
            return null;
        }

        var type = parameter.ParameterType;
        if (type == typeof(FunctionContext))
        {
            return context => ValueTask.FromResult<object?>(context);
        }

        if (type == typeof(CancellationToken))
        {
            return context => ValueTask.FromResult<object?>(context.CancellationToken);
        }

        if (parameter.IsDefined(typeof(DurableClientAttribute)))
        {
            expected = type == typeof(DurableTaskClient) ? null : "expected DurableTaskClient";
            return expected is null ? Service(type) : null;
        }

        if (type == typeof(DurableTaskClient))
        {
            return Refuse("needs [DurableClient]", out expected);
        }

        return trigger switch
        {
            HttpFunctionTrigger http => HttpBinding.For(parameter, isTrigger, http, out expected),
            TimerFunctionTrigger when isTrigger && type == typeof(TimerInfo) => TriggerValue,
            TimerFunctionTrigger when isTrigger => Refuse("expected TimerInfo", out expected),
            EventGridFunctionTrigger events when isTrigger => EventBinding.For(type, events, out expected),
            OrchestrationFunctionTrigger => DurableBinding.ForOrchestrator(parameter, isTrigger, out expected),
            ActivityFunctionTrigger => DurableBinding.ForActivity(parameter, isTrigger, out expected),
            _ => Refuse("nothing gives it a value, expected FunctionContext, CancellationToken or [DurableClient] DurableTaskClient", out expected),
        };
    }

    /// <summary>The trigger's value as it is.</summary>
    public static ValueTask<object?> TriggerValue(LocalFunctionContext context) => ValueTask.FromResult(context.Input.Value);

    /// <summary>No binder.</summary>
    public static ParameterBinder? Refuse(string reason, out string? expected)
    {
        expected = reason;
        return null;
    }

    // The official worker leaves such parameters null without a word.
    private static string? Unsupported(ParameterInfo parameter)
    {
        if (parameter.GetCustomAttributes().FirstOrDefault(attribute => attribute is IBindingSourceMetadata or FromKeyedServicesAttribute) is not { } attribute)
        {
            return null;
        }

        var name = attribute.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal);
        return $"[{name}] gives nothing on Azure: " + attribute switch
        {
            FromServicesAttribute or FromKeyedServicesAttribute => "take the service in the constructor of the class",
            FromBodyAttribute => "use FromBody of Microsoft.Azure.Functions.Worker.Http",
            FromRouteAttribute => "give the parameter the name of the route's value, without an attribute",
            _ => "read it from the HttpRequest",
        };
    }

    private static ParameterBinder Service(Type type) =>
        context => ValueTask.FromResult<object?>(context.InstanceServices.GetRequiredService(type));
}
