using System.Text.Json;
using DrFunctions.LocalRuntime.Discovery;
using DrFunctions.LocalRuntime.Http;
using DrFunctions.LocalRuntime.Invocation;
using DrFunctions.LocalRuntime.Shutdown;
using DrFunctions.LocalRuntime.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Admin;

/// <summary>The app's functions, and running one now.</summary>
internal sealed partial class FunctionAdmin(FunctionCatalog catalog, FunctionInvoker invoker, DrainMode drain, ILogger<FunctionAdmin> logger)
{
    private const string Functions = "/admin/functions";
    private const string One = Functions + "/{name}";

    public static void Map(WebApplication app)
    {
        app.MapGet(Functions, AdminGate.Gated<FunctionAdmin>(admin => admin.ListAsync));
        app.MapGet(One, AdminGate.Gated<FunctionAdmin>(admin => admin.ShowAsync));
        app.MapGet(One + "/status", AdminGate.Gated<FunctionAdmin>(admin => admin.StatusAsync));
        app.MapPost(One, AdminGate.Gated<FunctionAdmin>(admin => admin.RunAsync));
    }

    private Task ListAsync(HttpContext http) =>
        http.Response.WriteAsJsonAsync(catalog.Functions.Select(function => FunctionView.Of(function, http.Request)), http.RequestAborted);

    private async Task ShowAsync(HttpContext http)
    {
        if (await FindAsync(http) is { } function)
        {
            await http.Response.WriteAsJsonAsync(FunctionView.Of(function, http.Request), http.RequestAborted);
        }
    }

    // A function with a mistake keeps the host from starting.
    private async Task StatusAsync(HttpContext http)
    {
        if (await FindAsync(http) is not null)
        {
            await http.Response.WriteAsJsonAsync(new { errors = Array.Empty<string>() }, http.RequestAborted);
        }
    }

    private async Task RunAsync(HttpContext http)
    {
        if (await FindAsync(http) is not { } function)
        {
            return;
        }

        if (drain.Begun.IsCancellationRequested)
        {
            await PlainAnswer.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, "The host drains: nothing begins any more.");
            return;
        }

        string? text;
        try
        {
            text = Input(await PlainAnswer.ReadJsonAsync(http));
        }
        catch (JsonException)
        {
            await PlainAnswer.WriteAsync(http, StatusCodes.Status400BadRequest, "The body is not JSON, expected {\"input\": \"...\"}.");
            return;
        }

        object? value = function.Trigger switch
        {
            TimerFunctionTrigger => new TimerInfo(),
            EventGridFunctionTrigger when text is { Length: > 0 } => text,
            _ => null,
        };
        if (value is null)
        {
            await PlainAnswer.WriteAsync(http, StatusCodes.Status400BadRequest, function.Trigger is EventGridFunctionTrigger
                ? $"Function '{function.Name}' needs an event: {{\"input\": \"...\"}}."
                : $"Function '{function.Name}' has the trigger {function.Trigger.Type}; only timers and Event Grid functions are run here.");
            return;
        }

        _ = FireAsync(function, new TriggerInput(value) { Cause = RequestTrace.Cause(http) });
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    // The answer does not wait for the function; a stopping host does.
    private async Task FireAsync(FunctionDescriptor function, TriggerInput input)
    {
        try
        {
            await invoker.InvokeAsync(function, input, useResult: null, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogFailed(function.Name, exception.GetType().Name);
        }
    }

    private static string? Input(JsonElement? body)
    {
        if (body is not { ValueKind: JsonValueKind.Object } given || !given.TryGetProperty("input", out var input))
        {
            return null;
        }

        return input.ValueKind == JsonValueKind.String ? input.GetString() : input.GetRawText();
    }

    private async Task<FunctionDescriptor?> FindAsync(HttpContext http)
    {
        var name = (string?)http.Request.RouteValues["name"];
        if (catalog.Find(name) is { } function)
        {
            return function;
        }

        await PlainAnswer.WriteAsync(http, StatusCodes.Status404NotFound, $"There is no function '{name}'.");
        return null;
    }

    [LoggerMessage(151, LogLevel.Debug, "'{Function}', run by hand, failed with {Exception}")]
    private partial void LogFailed(string function, string exception);
}
