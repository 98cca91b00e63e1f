using DrFunctions.LocalRuntime.Discovery;
using DrFunctions.LocalRuntime.Invocation;
using DrFunctions.LocalRuntime.Settings;
using DrFunctions.LocalRuntime.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Http;

/// <summary>Answers the requests of HTTP functions.</summary>
internal sealed partial class HttpFunctionEndpoint(
    FunctionInvoker invoker, KeyGate gate, RequestLimit limit, HostOptions options, ILogger<HttpFunctionEndpoint> logger)
{
    /// <summary>Checks the key, runs the function, writes its result. What the function throws is a bare 500.</summary>
    public async Task HandleAsync(HttpContext http, FunctionDescriptor function, HttpFunctionTrigger trigger)
    {
        http.Response.OnStarting(AddHeaders, http);
        if (function.IsDisabled && !gate.IsMaster(http))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!gate.Admits(http, trigger.Level))
        {
            return;
        }

        using var place = await EnterAsync(http);
        if (place is not null)
        {
            await InvokeAsync(http, function);
        }
    }

    private async Task<IDisposable?> EnterAsync(HttpContext http)
    {
        try
        {
            var place = await limit.EnterAsync(http.RequestAborted);
            if (place is null)
            {
                http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                http.Response.Headers.RetryAfter = "1";
            }

            return place;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client left while it waited: nothing has begun, and nobody reads the answer.
            return null;
        }
    }

    private async Task InvokeAsync(HttpContext http, FunctionDescriptor function)
    {
        var input = new TriggerInput(http)
        {
            BindingData = http.Request.RouteValues.ToDictionary(StringComparer.OrdinalIgnoreCase),
            Cause = RequestTrace.Cause(http),
        };
        try
        {
            // The client's leaving does not stop a function: it may be half-way through something that should be whole.
            await invoker.InvokeAsync(function, input, result => HttpResult.WriteAsync(http, result), CancellationToken.None);
        }
        catch (BadHttpRequestException exception)
        {
            Fail(http, exception.StatusCode);
        }
        catch (FunctionTimeoutException)
        {
            // The function may still hold the request: its connection must not serve another one.
            http.Response.Headers.Connection = "close";
            Fail(http, StatusCodes.Status500InternalServerError);
        }
        catch (Exception exception)
        {
            LogAnswered500(function.Name, exception.GetType().Name);
            Fail(http, StatusCodes.Status500InternalServerError);
        }
    }

    private Task AddHeaders(object http)
    {
        foreach (var (name, value) in options.CustomHeaders)
        {
            ((HttpContext)http).Response.Headers[name] = value;
        }

        return Task.CompletedTask;
    }

    private static void Fail(HttpContext http, int status)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        var connection = http.Response.Headers.Connection;
        http.Response.Clear();
        http.Response.Headers.Connection = connection;
        http.Response.StatusCode = status;
    }

    [LoggerMessage(121, LogLevel.Debug, "The request to '{Function}' is answered 500 because of {Exception}")]
    private partial void LogAnswered500(string function, string exception);
}
