using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace DrFunctions.LocalRuntime.Telemetry;

/// <summary>The W3C trace context as text: <c>traceparent</c> and <c>tracestate</c> (https://www.w3.org/TR/trace-context/).</summary>
internal static class TraceHeaders
{
    public const string Parent = "traceparent";
    public const string State = "tracestate";

    private const int ParentLength = 55;
    private const int LongestState = 512; // what the standard wants passed on at least

    /// <summary>What caused a request; null where it does not say so, or not in the standard's form: then a new trace begins.</summary>
    public static ActivityContext? Read(IHeaderDictionary headers)
    {
        var parent = headers[Parent];
        return parent.Count == 1 ? Parse(parent[0], string.Join(',', headers[State].Where(part => !string.IsNullOrEmpty(part)))) : null;
    }

    /// <summary>The context of two texts; null where the first is not valid. A state that is not valid is left out.</summary>
    public static ActivityContext? Parse(string? parent, string? state)
    {
        if (parent is { Length: > ParentLength } && !parent.StartsWith("00-", StringComparison.Ordinal) && parent[ParentLength] == '-')
        {
            parent = parent[..ParentLength]; // Later versions may add fields behind those known.
        }

        return ActivityContext.TryParse(parent, IsState(state) ? state : null, isRemote: true, out var context)
            ? new ActivityContext(context.TraceId, context.SpanId, context.TraceFlags & ActivityTraceFlags.Recorded, context.TraceState, isRemote: true)
            : null;
    }

    /// <summary>The <c>traceparent</c> of a context.</summary>
    public static string Format(ActivityContext context) =>
        string.Create(CultureInfo.InvariantCulture, $"00-{context.TraceId}-{context.SpanId}-{(int)context.TraceFlags:x2}");

    // What is passed on becomes a header of every outgoing request, and one that cannot be a header would fail them all.
    private static bool IsState(string? state) => state is { Length: > 0 and <= LongestState } && state.All(c => c is >= ' ' and <= '~');
}
