using DrFunctions.LocalRuntime.Http;
using DrFunctions.LocalRuntime.Invocation;
using DrFunctions.LocalRuntime.Shutdown;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace DrFunctions.LocalRuntime.Admin;

/// <summary>The host's state, and draining it.</summary>
internal sealed class HostAdmin(HostIdentity identity, DrainMode drain, InvocationLifetime lifetime)
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/admin/host/status", AdminGate.Gated<HostAdmin>(admin => admin.StatusAsync));
        app.MapMethods("/admin/host/ping", [HttpMethods.Get, HttpMethods.Post], (RequestDelegate)PingAsync);
        app.MapPost("/admin/host/drain", AdminGate.Gated<HostAdmin>(admin => admin.DrainAsync));
        app.MapGet("/admin/host/drain/status", AdminGate.Gated<HostAdmin>(admin => admin.DrainStatusAsync));
        app.MapPost("/admin/host/resume", AdminGate.Gated<HostAdmin>(_ => ResumeAsync));
    }

    private static string Version { get; } = typeof(HostAdmin).Assembly.GetName().Version?.ToString(3) ?? "";

    private Task StatusAsync(HttpContext http) => http.Response.WriteAsJsonAsync(
        new
        {
            id = identity.HostId,
            state = "Running",
            version = Version,
            instanceId = identity.InstanceId,
            runtime = "local",
        },
        http.RequestAborted);

    // As the official host: without a key, and with nothing in it.
    private static Task PingAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }

    private Task DrainAsync(HttpContext http)
    {
        drain.Begin();
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        return Task.CompletedTask;
    }

    private Task DrainStatusAsync(HttpContext http)
    {
        var outstanding = lifetime.Outstanding;
        var state = !drain.Begun.IsCancellationRequested ? "Disabled" : outstanding == 0 ? "Completed" : "InProgress";
        return http.Response.WriteAsJsonAsync(new { state, outstandingInvocations = outstanding, outstandingRetries = 0 }, http.RequestAborted);
    }

    private static Task ResumeAsync(HttpContext http) => PlainAnswer.WriteAsync(
        http, StatusCodes.Status501NotImplemented, "The local runtime has no resume: start the app again.");
}
