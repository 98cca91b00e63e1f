using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.LocalRuntime.Shutdown;

/// <summary>Turns away what comes over open connections after the host was told to stop; new connections find nobody.</summary>
internal static class LateRequests
{
    public static Task RefuseAsync(HttpContext http, RequestDelegate next)
    {
        if (!http.RequestServices.GetRequiredService<DrainMode>().Stopping.IsCancellationRequested)
        {
            return next(http);
        }

        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.Connection = "close";
        http.Response.Headers.RetryAfter = "1";
        return Task.CompletedTask;
    }
}
