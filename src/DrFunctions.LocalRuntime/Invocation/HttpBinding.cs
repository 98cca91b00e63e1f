using System.ComponentModel;
using System.Reflection;
using DrFunctions.LocalRuntime.Discovery;
using DrFunctions.LocalRuntime.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using FromBodyAttribute = Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute;

namespace DrFunctions.LocalRuntime.Invocation;

/// <summary>The parameters of an HTTP function: the request, its body, its route's values.</summary>
internal static class HttpBinding
{
    public static ParameterBinder? For(ParameterInfo parameter, bool isTrigger, HttpFunctionTrigger trigger, out string? expected)
    {
        expected = null;
        var type = parameter.ParameterType;
        if (type == typeof(HttpRequest))
        {
            return context => ValueTask.FromResult<object?>(Request(context));
        }

        if (isTrigger || parameter.IsDefined(typeof(FromBodyAttribute)))
        {
            return context => RequestBody.ReadAsync(context, Request(context), type);
        }

        var name = RouteTemplate.Parameters(trigger.Route)
            .FirstOrDefault(name => string.Equals(name, parameter.Name, StringComparison.OrdinalIgnoreCase));
        if (name is null)
        {
            return ParameterBinding.Refuse(
                $"expected HttpRequest, [FromBody] of Microsoft.Azure.Functions.Worker.Http, or a name in the route '{trigger.Route}'",
                out expected);
        }

        var converter = TypeDescriptor.GetConverter(type);
        return converter.CanConvertFrom(typeof(string))
            ? context => ValueTask.FromResult(RouteValue(context, parameter, name, converter))
            : ParameterBinding.Refuse("a route's value does not convert to this type, expected a scalar", out expected);
    }

    private static HttpRequest Request(LocalFunctionContext context) =>
        context.Input.Value is HttpContext http
            ? http.Request
            : throw new FunctionInputConverterException($"Function '{context.Function.Name}' was not started by an HTTP request.");

    private static object? RouteValue(LocalFunctionContext context, ParameterInfo parameter, string name, TypeConverter converter)
    {
        var text = context.Input.BindingData.GetValueOrDefault(name)?.ToString();
        if (text is null)
        {
            return parameter.HasDefaultValue ? parameter.DefaultValue : null;
        }

        if (parameter.ParameterType == typeof(string))
        {
            return text;
        }

        try
        {
            return converter.ConvertFromInvariantString(text);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            throw new FunctionInputConverterException(
                $"The route's value '{name}' of function '{context.Function.Name}' is not a {parameter.ParameterType.Name}.", exception);
        }
    }
}
