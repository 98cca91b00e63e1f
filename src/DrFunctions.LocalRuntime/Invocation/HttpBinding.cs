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
    // What the official worker reads as JSON without quotes, or has a converter for; an enumeration is neither.
    private static readonly HashSet<Type> Scalars =
    [
        typeof(string), typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long),
        typeof(ulong), typeof(float), typeof(double), typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset),
    ];

    public static ParameterBinder? For(ParameterInfo parameter, bool isTrigger, HttpFunctionTrigger trigger, out string? expected)
    {
        expected = null;
        var type = parameter.ParameterType;
        if (type == typeof(HttpRequest))
        {
            return context => ValueTask.FromResult<object?>(Request(context));
        }

        if (parameter.IsDefined(typeof(FromBodyAttribute)))
        {
            return context => RequestBody.ReadAsync(context, Request(context), type);
        }

        if (isTrigger)
        {
            return ParameterBinding.Refuse("expected HttpRequest, or [FromBody] of Microsoft.Azure.Functions.Worker.Http", out expected);
        }

        var name = FunctionRoute.Parameters(trigger.Route)
            .FirstOrDefault(name => string.Equals(name, parameter.Name, StringComparison.OrdinalIgnoreCase));
        if (name is null)
        {
            return ParameterBinding.Refuse(
                type == typeof(HttpContext)
                    ? "the official worker leaves it null, expected HttpRequest, which has the HttpContext"
                    : $"expected HttpRequest, [FromBody] of Microsoft.Azure.Functions.Worker.Http, or a name in the route '{trigger.Route}'",
                out expected);
        }

        var converter = TypeDescriptor.GetConverter(type);
        return Scalars.Contains(Nullable.GetUnderlyingType(type) ?? type)
            ? context => ValueTask.FromResult(RouteValue(context, parameter, name, converter))
            : ParameterBinding.Refuse(
                "the official worker converts a route's value to text, numbers, bool, Guid, DateTime and DateTimeOffset only", out expected);
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
