using System.Diagnostics;
using DrFunctions.LocalRuntime.Discovery;
using DrFunctions.LocalRuntime.Telemetry;
using Microsoft.AspNetCore.Http;

namespace DrFunctions.LocalRuntime.Invocation;

/// <summary>
/// What is seen of one invocation: its span and its metrics, with the names of OpenTelemetry's conventions for functions. Dispose it
/// when the invocation has ended.
/// </summary>
internal sealed class InvocationTelemetry : IDisposable
{
    private readonly TriggerInput _input;
    private readonly KeyValuePair<string, object?> _name;
    private readonly KeyValuePair<string, object?> _trigger;

    private InvocationTelemetry(FunctionDescriptor function, TriggerInput input)
    {
        _input = input;
        _name = new(RuntimeMetrics.FunctionName, function.Name);
        _trigger = new(RuntimeMetrics.FunctionTrigger, Kind(function.Trigger));
        Span = input.Span ?? Spans.Start(Spans.Functions, $"function {function.Name}", SpanKind(function.Trigger), input.Cause);
        RuntimeMetrics.ActiveInvocations.Add(1, _name, _trigger);
        if (Span.IsAllDataRequested)
        {
            Describe(function.Trigger);
        }
    }

    /// <summary>The span, which is current.</summary>
    public Activity Span { get; }

    /// <summary>The invocation's id.</summary>
    public string Id => Span.SpanId.ToHexString();

    public static InvocationTelemetry Begin(FunctionDescriptor function, TriggerInput input) => new(function, input);

    /// <summary>It has ended.</summary>
    public void Succeed(TimeSpan elapsed)
    {
        RuntimeMetrics.Invocations.Add(1, _name, _trigger);
        End(elapsed, "success", (_input.Value as HttpContext)?.Response.StatusCode);
    }

    /// <summary>It has thrown, or its time was over.</summary>
    public void Fail(TimeSpan elapsed, Exception exception)
    {
        var error = exception.GetType().ToString();
        RuntimeMetrics.Errors.Add(1, _name, _trigger, new(RuntimeMetrics.ErrorType, error));
        if (exception is FunctionTimeoutException)
        {
            RuntimeMetrics.Timeouts.Add(1, _name, _trigger);
        }

        Span.Fail(error);
        var outcome = exception is FunctionTimeoutException ? "timeout" : exception is OperationCanceledException ? "cancelled" : "failure";
        End(elapsed, outcome, (exception as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError);
    }

    public void Dispose()
    {
        RuntimeMetrics.ActiveInvocations.Add(-1, _name, _trigger);
        if (_input.Span is null)
        {
            Span.Dispose();
        }
    }

    private void Describe(FunctionTrigger trigger)
    {
        Span.SetTag(_name.Key, _name.Value).SetTag(_trigger.Key, _trigger.Value).SetTag("faas.invocation_id", Id);
        if (trigger is TimerFunctionTrigger timer)
        {
            Span.SetTag("faas.cron", timer.Schedule);
        }
        else if (trigger is HttpFunctionTrigger http && _input.Value is HttpContext context)
        {
            Span.SetTag("http.request.method", context.Request.Method).SetTag("http.route", "/" + http.Route);
        }
    }

    private void End(TimeSpan elapsed, string outcome, int? status)
    {
        RuntimeMetrics.InvokeDuration.Record(elapsed.TotalSeconds, _name, _trigger, new(RuntimeMetrics.Outcome, outcome));
        if (_input.Value is HttpContext && status is { } code && Span.IsAllDataRequested)
        {
            Span.SetTag("http.response.status_code", code);
            if (code >= StatusCodes.Status500InternalServerError)
            {
                Span.SetStatus(ActivityStatusCode.Error);
            }
        }
    }

    // The conventions know: datasource, http, pubsub, timer, other.
    private static string Kind(FunctionTrigger trigger) => trigger switch
    {
        HttpFunctionTrigger => "http",
        TimerFunctionTrigger => "timer",
        EventGridFunctionTrigger => "pubsub",
        _ => "other",
    };

    private static ActivityKind SpanKind(FunctionTrigger trigger) => trigger switch
    {
        HttpFunctionTrigger => ActivityKind.Server,
        EventGridFunctionTrigger => ActivityKind.Consumer,
        _ => ActivityKind.Internal,
    };
}
