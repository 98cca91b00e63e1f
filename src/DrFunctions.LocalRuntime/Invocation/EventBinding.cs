using System.Text.Json;
using DrFunctions.LocalRuntime.Discovery;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DrFunctions.LocalRuntime.Invocation;

/// <summary>The event of an Event Grid function: its text, or what System.Text.Json makes of it.</summary>
internal static class EventBinding
{
    public static ParameterBinder? For(Type type, EventGridFunctionTrigger trigger, out string? expected)
    {
        expected = null;
        if (trigger.IsBatched && !type.IsArray)
        {
            return ParameterBinding.Refuse("expected an array, since IsBatched is true", out expected);
        }

        return type switch
        {
            _ when type == typeof(string) => ParameterBinding.TriggerValue,
            _ when type == typeof(BinaryData) => context => ValueTask.FromResult<object?>(BinaryData.FromString(Text(context))),
            _ when type == typeof(string[]) => context => ValueTask.FromResult<object?>(Items(context).Select(item => item.GetRawText()).ToArray()),
            _ when type == typeof(BinaryData[]) => context => ValueTask.FromResult<object?>(
                Items(context).Select(item => BinaryData.FromString(item.GetRawText())).ToArray()),
            _ => context => ValueTask.FromResult(Deserialize(context, type)),
        };
    }

    private static string Text(LocalFunctionContext context) => (string?)context.Input.Value ?? "";

    private static JsonElement[] Items(LocalFunctionContext context) =>
        JsonSerializer.Deserialize<JsonElement[]>(Text(context)) ?? [];

    private static object? Deserialize(LocalFunctionContext context, Type type)
    {
        try
        {
            var options = context.InstanceServices.GetRequiredService<IOptions<JsonSerializerOptions>>().Value;
            return JsonSerializer.Deserialize(Text(context), type, options);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException or FormatException)
        {
            // The converters of EventGridEvent and CloudEvent throw the last two for a field that is missing or odd.
            throw new FunctionInputConverterException(
                $"The event for function '{context.Function.Name}' is not a {type.Name}: {exception.Message}", exception);
        }
    }
}
