using System.Text.Json;
using DrFunctions.LocalRuntime.Discovery;
using DrFunctions.LocalRuntime.Http;
using DrFunctions.LocalRuntime.Invocation;
using DrFunctions.LocalRuntime.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Admin;

/// <summary>The host's own API, behind the master key: its functions, its state, and running a function now.</summary>
internal sealed partial class AdminEndpoints(
    FunctionCatalog catalog, FunctionInvoker invoker, KeyGate gate, HostIdentity identity, ILogger<AdminEndpoints> logger)
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/admin/functions", Gated(admin => admin.ListAsync));
        app.MapGet("/admin/functions/{name}", Gated(admin => admin.ShowAsync));
        app.MapPost("/admin/functions/{name}", Gated(admin => admin.RunAsync));
        app.MapGet("/admin/host/status", Gated(admin => admin.StatusAsync));
    }

    private static string Version { get; } = typeof(AdminEndpoints).Assembly.GetName().Version?.ToString(3) ?? "";

    private static RequestDelegate Gated(Func<AdminEndpoints, Func<HttpContext, Task>> handler) => http =>
    {
        var admin = http.RequestServices.GetRequiredService<AdminEndpoints>();
        return admin.Admits(http) ? handler(admin)(http) : Task.CompletedTask;
    };

    private bool Admits(HttpContext http) => gate.Admits(http, HostKey.Master);

    private Task ListAsync(HttpContext http) => http.Response.WriteAsJsonAsync(catalog.Functions.Select(Describe), http.RequestAborted);

    private Task StatusAsync(HttpContext http) => http.Response.WriteAsJsonAsync(
        new { id = identity.HostId, state = "Running", version = Version, runtime = "local" }, http.RequestAborted);

    private static object Describe(FunctionDescriptor function) => new
    {
        name = function.Name,
        trigger = function.Trigger.Type,
        isDisabled = function.IsDisabled,
        entryPoint = function.EntryPoint,
        route = (function.Trigger as HttpFunctionTrigger)?.Route,
        methods = (function.Trigger as HttpFunctionTrigger)?.Methods,
        schedule = (function.Trigger as TimerFunctionTrigger)?.Schedule,
    };

    private Task ShowAsync(HttpContext http) => catalog.Find((string?)http.Request.RouteValues["name"]) is { } function
        ? http.Response.WriteAsJsonAsync(Describe(function), http.RequestAborted)
        : NotFoundAsync(http);

    private async Task RunAsync(HttpContext http)
    {
        if (catalog.Find((string?)http.Request.RouteValues["name"]) is not { } function)
        {
            await NotFoundAsync(http);
            return;
        }

        string? text;
        try
        {
            text = await ReadInputAsync(http);
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

        _ = FireAsync(function, value);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    // The answer does not wait for the function; a stopping host does.
    private async Task FireAsync(FunctionDescriptor function, object value)
    {
        try
        {
            await invoker.InvokeAsync(function, new TriggerInput(value), useResult: null, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogFailed(function.Name, exception.GetType().Name);
        }
    }

    private static async Task<string?> ReadInputAsync(HttpContext http)
    {
        if (await PlainAnswer.ReadJsonAsync(http) is not { ValueKind: JsonValueKind.Object } body || !body.TryGetProperty("input", out var input))
        {
            return null;
        }

        return input.ValueKind == JsonValueKind.String ? input.GetString() : input.GetRawText();
    }

    private static Task NotFoundAsync(HttpContext http) =>
        PlainAnswer.WriteAsync(http, StatusCodes.Status404NotFound, $"There is no function '{http.Request.RouteValues["name"]}'.");

    [LoggerMessage(151, LogLevel.Debug, "'{Function}', run by hand, failed with {Exception}")]
    private partial void LogFailed(string function, string exception);
}
