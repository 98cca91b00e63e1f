using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace DrFunctions.LocalRuntime.Telemetry;

/// <summary>
/// Starts spans. Their sources have the official names, so that an app listens to the same ones here and on Azure. No span ever
/// carries a query, a header, a payload or an exception's message: any of these may hold a secret.
/// </summary>
internal static class Spans
{
    /// <summary>Invocations of functions.</summary>
    public static readonly ActivitySource Functions = new("Microsoft.Azure.Functions.Worker");

    /// <summary>Orchestrations, and what they ask for.</summary>
    public static readonly ActivitySource Durable = new("Microsoft.DurableTask");

    /// <summary>
    /// Starts a span as <see cref="Activity.Current"/>, in a new trace where nothing has caused it. One that nobody records has its
    /// ids all the same: they go on to whatever it calls.
    /// </summary>
    public static Activity Start(ActivitySource source, string name, ActivityKind kind, ActivityContext? cause)
    {
        Activity.Current = null; // Whatever this flow of execution came from is not the cause.
        return source.StartActivity(name, kind, cause ?? default) ?? Unrecorded(name, cause);
    }

    /// <summary>As <see cref="Start"/>, but seen by nobody.</summary>
    public static Activity Unrecorded(string name, ActivityContext? cause)
    {
        var activity = new Activity(name).SetIdFormat(ActivityIdFormat.W3C);
        activity.IsAllDataRequested = false;
        if (cause is { } context)
        {
            activity.SetParentId(context.TraceId, context.SpanId, context.TraceFlags);
            activity.TraceStateString = context.TraceState;
        }

        return activity.Start();
    }

    /// <summary>Gives a started span an id that was decided, and handed on, before.</summary>
    public static void SetId(Activity span, ActivitySpanId id) => SpanId(span) = id.ToHexString();

    /// <summary>Marks a span as failed, by the kind of failure alone.</summary>
    public static void Fail(this Activity span, string errorType) => span.SetStatus(ActivityStatusCode.Error).SetTag("error.type", errorType);

    // No public member sets it. The official worker sets the same field, by reflection; a test fails should it be gone.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_spanId")]
    private static extern ref string? SpanId(Activity activity);
}
