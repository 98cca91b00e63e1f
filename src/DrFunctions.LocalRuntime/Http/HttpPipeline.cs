using DrFunctions.LocalRuntime.Admin;
using DrFunctions.LocalRuntime.Discovery;
using DrFunctions.LocalRuntime.DurableHttp;
using DrFunctions.LocalRuntime.EventGrid;
using DrFunctions.LocalRuntime.Shutdown;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.LocalRuntime.Http;

/// <summary>Everything the host answers over HTTP.</summary>
internal static class HttpPipeline
{
    public static void Map(WebApplication app)
    {
        var catalog = app.Services.GetRequiredService<FunctionCatalog>();
        app.Use(AnswerBadRequestsAsync);
        app.Use(LateRequests.RefuseAsync);
        app.Use(AnswerUnknownMethodsAsync);
        foreach (var function in catalog.Functions)
        {
            if (function.Trigger is HttpFunctionTrigger trigger)
            {
                RequestDelegate handle = http =>
                    http.RequestServices.GetRequiredService<HttpFunctionEndpoint>().HandleAsync(http, function, trigger);
                _ = trigger.Methods.Count == 0
                    ? app.Map("/" + trigger.Route, handle)
                    : app.MapMethods("/" + trigger.Route, trigger.Methods, handle);
            }
        }

        EventGridWebhook.Map(app);
        FunctionAdmin.Map(app);
        HostAdmin.Map(app);
        if (catalog.UsesDurable)
        {
            DurableHttpEndpoints.Map(app);
        }
    }

    // What the server finds out only while the body is read: a length that is too large, a chunk that is none, an early end.
    private static async Task AnswerBadRequestsAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Headers.TransferEncoding.Count > 0)
        {
            http.Request.Body = new ChunkedBody(http.Request.Body);
        }

        try
        {
            await next(http);
        }
        catch (BadHttpRequestException exception) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            await PlainAnswer.WriteAsync(http, exception.StatusCode, exception.Message);
        }
    }

    // The official host knows no 405: a method without a function is an address without one.
    private static async Task AnswerUnknownMethodsAsync(HttpContext http, RequestDelegate next)
    {
        // A tunnel has no answer to write to, and is no request to a function that takes any method.
        if (HttpMethods.IsConnect(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await next(http);
        if (http.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed, HasStarted: false }
            && http.GetEndpoint()?.Metadata.Count is null or 0)
        {
            http.Response.Headers.Remove("Allow");
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }
}
