using System.Diagnostics;
using System.Text.Json;
using DrFunctions.LocalRuntime.Telemetry;

namespace DrFunctions.LocalRuntime.EventGrid;

/// <summary>The trace that an event itself tells of: the distributed tracing extension of CloudEvents.</summary>
internal static class EventTrace
{
    /// <summary>What caused one event; null for a batch, and where the event does not say.</summary>
    public static ActivityContext? Cause(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? TraceHeaders.Parse(Text(document.RootElement, TraceHeaders.Parent), Text(document.RootElement, TraceHeaders.State))
            : null;
    }

    private static string? Text(JsonElement cloudEvent, string name)
    {
        try
        {
            return cloudEvent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // A name or a value with half a surrogate pair: the event is the function's to judge, and has no trace.
        }
    }
}
