using System.Diagnostics;
using System.Text.Json;
using DrFunctions.LocalRuntime.Discovery;
using DrFunctions.LocalRuntime.Http;
using DrFunctions.LocalRuntime.Invocation;
using DrFunctions.LocalRuntime.Keys;
using DrFunctions.LocalRuntime.Shutdown;
using DrFunctions.LocalRuntime.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.EventGrid;

/// <summary>
/// The address that Event Grid delivers to: the Event Grid and the CloudEvents 1.0 schema, their handshakes, single events and
/// batches. A delivery is answered 2xx only after the function has handled every event of it.
/// </summary>
internal sealed partial class EventGridWebhook(
    FunctionCatalog catalog, FunctionInvoker invoker, KeyGate gate, DrainMode drain, ILogger<EventGridWebhook> logger)
{
    private const string Path = "/runtime/webhooks/EventGrid";

    // Event Grid sends at most 1 MB.
    private const long LargestDelivery = 4 * 1024 * 1024;
    private const int EventsAtOnce = 16;

    public static void Map(WebApplication app)
    {
        app.MapPost(Path, (RequestDelegate)(http => http.RequestServices.GetRequiredService<EventGridWebhook>().DeliverAsync(http)));
        app.MapMethods(Path, [HttpMethods.Options], (RequestDelegate)(http => http.RequestServices.GetRequiredService<EventGridWebhook>().ShakeHandsAsync(http)));
    }

    private async Task DeliverAsync(HttpContext http)
    {
        if (await FunctionAsync(http) is not { } function)
        {
            return;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = LargestDelivery;
        }

        if (drain.Begun.IsCancellationRequested)
        {
            http.Response.Headers.RetryAfter = "5";
            await PlainAnswer.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, "The host drains: deliver again, to another one.");
            return;
        }

        try
        {
            // What a function could not read is its own to refuse: Event Grid never repeats what is answered with 400.
            if (await PlainAnswer.ReadSyntaxAsync(http) is { } delivery)
            {
                await HandleAsync(http, function, delivery);
            }
            else
            {
                await PlainAnswer.WriteAsync(http, StatusCodes.Status400BadRequest, "The delivery is not JSON: it is empty.");
            }
        }
        catch (JsonException exception)
        {
            await PlainAnswer.WriteAsync(http, StatusCodes.Status400BadRequest, $"The delivery is not JSON: {exception.Message}");
        }
    }

    private async Task HandleAsync(HttpContext http, FunctionDescriptor function, JsonElement delivery)
    {
        var kind = http.Request.Headers["aeg-event-type"].ToString();
        switch (kind.ToUpperInvariant())
        {
            case "SUBSCRIPTIONVALIDATION":
                await ValidateAsync(http, function, delivery);
                break;
            case "SUBSCRIPTIONDELETION" or "UNSUBSCRIBE":
                http.Response.StatusCode = StatusCodes.Status202Accepted;
                break;
            case "" or "NOTIFICATION":
                http.Response.StatusCode = await InvokeAsync(function, delivery, RequestTrace.Cause(http))
                    ? StatusCodes.Status202Accepted
                    : StatusCodes.Status500InternalServerError;
                break;
            default:
                await PlainAnswer.WriteAsync(http, StatusCodes.Status400BadRequest, $"The header aeg-event-type is '{kind}', expected Notification or SubscriptionValidation.");
                break;
        }
    }

    private async Task ValidateAsync(HttpContext http, FunctionDescriptor function, JsonElement delivery)
    {
        PlainAnswer.ThrowIfNotText(delivery);
        var first = delivery.ValueKind == JsonValueKind.Array ? delivery.EnumerateArray().FirstOrDefault() : delivery;
        if (first.ValueKind == JsonValueKind.Object
            && first.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object
            && data.TryGetProperty("validationCode", out var code) && code.ValueKind == JsonValueKind.String)
        {
            LogValidated(function.Name);
            await http.Response.WriteAsJsonAsync(new { validationResponse = code.GetString() }, http.RequestAborted);
            return;
        }

        await PlainAnswer.WriteAsync(http, StatusCodes.Status400BadRequest, "The validation event has no data.validationCode.");
    }

    private async Task<bool> InvokeAsync(FunctionDescriptor function, JsonElement delivery, ActivityContext? cause)
    {
        var events = (EventGridFunctionTrigger)function.Trigger switch
        {
            { IsBatched: true } when delivery.ValueKind != JsonValueKind.Array => [$"[{delivery.GetRawText()}]"],
            { IsBatched: false } when delivery.ValueKind == JsonValueKind.Array =>
                delivery.EnumerateArray().Select(item => item.GetRawText()).ToList(),
            _ => (List<string>)[delivery.GetRawText()],
        };
        var failed = 0;
        await Parallel.ForEachAsync(events, new ParallelOptions { MaxDegreeOfParallelism = EventsAtOnce }, async (text, _) =>
        {
            try
            {
                var input = new TriggerInput(text) { Cause = cause ?? EventTrace.Cause(text) };
                await invoker.InvokeAsync(function, input, useResult: null, CancellationToken.None);
            }
            catch (Exception exception)
            {
                // The invoker has logged it; the other events are still handled, and Event Grid delivers all again.
                Interlocked.Increment(ref failed);
                LogEventFailed(function.Name, exception.GetType().Name);
            }
        });
        return failed == 0;
    }

    private async Task ShakeHandsAsync(HttpContext http)
    {
        if (await FunctionAsync(http) is null)
        {
            return;
        }

        var origin = http.Request.Headers["WebHook-Request-Origin"].ToString();
        if (origin.Length == 0)
        {
            await PlainAnswer.WriteAsync(http, StatusCodes.Status400BadRequest, "The header WebHook-Request-Origin is missing.");
            return;
        }

        http.Response.Headers["WebHook-Allowed-Origin"] = origin;
        http.Response.Headers["WebHook-Allowed-Rate"] = "*";
        http.Response.Headers.Allow = "POST";
    }

    private async Task<FunctionDescriptor?> FunctionAsync(HttpContext http)
    {
        if (!gate.Admits(http, HostKey.EventGrid))
        {
            return null;
        }

        var name = http.Request.Query["functionName"].ToString();
        if (catalog.Find(name) is { IsDisabled: false, Trigger: EventGridFunctionTrigger } function)
        {
            return function;
        }

        await PlainAnswer.WriteAsync(http, StatusCodes.Status404NotFound, name.Length == 0
            ? "The query has no functionName."
            : $"There is no Event Grid function '{name}'.");
        return null;
    }

    [LoggerMessage(131, LogLevel.Information, "Event Grid validated the subscription of '{Function}'")]
    private partial void LogValidated(string function);

    [LoggerMessage(132, LogLevel.Warning, "An event for '{Function}' failed with {Exception}; the delivery is answered 500, so that it comes again")]
    private partial void LogEventFailed(string function, string exception);
}
