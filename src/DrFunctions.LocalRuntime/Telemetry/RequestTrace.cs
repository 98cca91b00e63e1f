using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace DrFunctions.LocalRuntime.Telemetry;

/// <summary>What caused an HTTP request, in its trace.</summary>
internal static class RequestTrace
{
    /// <summary>
    /// The server's own span where somebody records it, else what the request's headers say; null where they say nothing valid.
    /// </summary>
    public static ActivityContext? Cause(HttpContext http) =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C, IsAllDataRequested: true, Source.Name.Length: > 0 } server
            ? server.Context
            : TraceHeaders.Read(http.Request.Headers);

    /// <summary>Starts the span of a request to the runtime itself; its name and attributes know the route, not the address.</summary>
    public static Activity Begin(HttpContext http, string route)
    {
        var span = Spans.Start(Spans.Functions, $"{http.Request.Method} {route}", ActivityKind.Server, Cause(http));
        return span.IsAllDataRequested ? span.SetTag("http.request.method", http.Request.Method).SetTag("http.route", route) : span;
    }

    /// <summary>Ends what <see cref="Begin"/> has started, once the answer is known.</summary>
    public static void End(Activity span, HttpContext http)
    {
        if (span.IsAllDataRequested)
        {
            span.SetTag("http.response.status_code", http.Response.StatusCode);
            if (http.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            {
                span.SetStatus(ActivityStatusCode.Error);
            }
        }
    }
}
