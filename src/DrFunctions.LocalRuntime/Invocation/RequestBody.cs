using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DrFunctions.LocalRuntime.Invocation;

/// <summary>The body of an HTTP request, bound to a parameter: text as it is, anything else from JSON.</summary>
internal static class RequestBody
{
    public static async ValueTask<object?> ReadAsync(LocalFunctionContext context, HttpRequest request, Type type)
    {
        if (type == typeof(string))
        {
            using var reader = new StreamReader(request.Body, leaveOpen: true);
            return await reader.ReadToEndAsync(context.CancellationToken);
        }

        try
        {
            var options = context.InstanceServices.GetRequiredService<IOptions<JsonSerializerOptions>>().Value;
            return await JsonSerializer.DeserializeAsync(request.Body, type, options, context.CancellationToken);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new FunctionInputConverterException(
                $"The body of the request to function '{context.Function.Name}' is not a {type.Name} in JSON: {exception.Message}", exception);
        }
    }
}
