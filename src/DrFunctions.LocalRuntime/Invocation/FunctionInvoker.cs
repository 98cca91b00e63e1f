using System.Diagnostics;
using DrFunctions.LocalRuntime.Discovery;
using DrFunctions.LocalRuntime.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Invocation;

/// <summary>Runs functions: a scope of services, the middleware, the time limit, a trace and a log for each invocation.</summary>
internal sealed partial class FunctionInvoker(
    IServiceScopeFactory scopes,
    FunctionPipeline pipeline,
    InvocationLifetime lifetime,
    HostOptions options,
    TimeProvider time,
    ILogger<FunctionInvoker> logger)
{
    /// <summary>Runs a function and gives back what it returned.</summary>
    /// <param name="function">The function.</param>
    /// <param name="input">What starts it.</param>
    /// <param name="useResult">Uses what it returned while its services are still there.</param>
    /// <param name="cancellationToken">Cancels it; so do the function timeout and a stopping host.</param>
    /// <exception cref="FunctionTimeoutException">It took longer than the function timeout.</exception>
    public async Task<object?> InvokeAsync(
        FunctionDescriptor function, TriggerInput input, Func<object?, Task>? useResult, CancellationToken cancellationToken)
    {
        using var running = lifetime.Begin();
        using var activity = Start(function, input);

        // The limit is one of real time: a test that moves a virtual clock by a month does not make a function slow.
        using var timeout = new CancellationTokenSource(options.FunctionTimeout ?? Timeout.InfiniteTimeSpan);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token, lifetime.Expired);
        var started = time.GetTimestamp();
        var id = activity.SpanId.ToHexString();
        LogExecuting(function.Name, id);
        try
        {
            var traced = input with { TraceParent = activity.Id, TraceState = activity.TraceStateString };
            var result = await RunAsync(function, traced, id, useResult, stop.Token).WaitAsync(timeout.Token);
            LogExecuted(function.Name, id, time.GetElapsedTime(started));
            return result;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && options.FunctionTimeout is { } limit)
        {
            var exception = new FunctionTimeoutException(function.Name, limit);
            LogFailed(exception, function.Name, id, time.GetElapsedTime(started));
            throw exception;
        }
        catch (Exception exception)
        {
            LogFailed(exception, function.Name, id, time.GetElapsedTime(started));
            throw;
        }
    }

    /// <summary>
    /// Runs an orchestrator on the caller's synchronization context. A replay that waits never ends, so nothing here counts it,
    /// limits it or needs its end.
    /// </summary>
    public async Task<object?> InvokeOrchestratorAsync(
        FunctionDescriptor function, TriggerInput input, string invocationId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = new LocalFunctionContext(function, input, invocationId, scope.ServiceProvider, cancellationToken);
        await pipeline.RunAsync(context);
        return context.Result;
    }

    private async Task<object?> RunAsync(
        FunctionDescriptor function, TriggerInput input, string id, Func<object?, Task>? useResult, CancellationToken cancellationToken)
    {
        // A function that blocks before its first await must not keep the limit from being seen.
        await Task.Yield();
        await using var scope = scopes.CreateAsyncScope();
        var context = new LocalFunctionContext(function, input, id, scope.ServiceProvider, cancellationToken);
        if (input.Value is Microsoft.AspNetCore.Http.HttpContext http)
        {
            context.Items[InvocationItems.HttpContext] = http;
        }

        await pipeline.RunAsync(context);
        await (useResult?.Invoke(context.Result) ?? Task.CompletedTask);
        return context.Result;
    }

    private static Activity Start(FunctionDescriptor function, TriggerInput input)
    {
        var activity = new Activity($"function {function.Name}").SetIdFormat(ActivityIdFormat.W3C);
        activity.SetTag("faas.name", function.Name).SetTag("faas.trigger", function.Trigger.Type);
        if (input.TraceParent is { } parent)
        {
            activity.SetParentId(parent);
            activity.TraceStateString = input.TraceState;
        }

        return activity.Start();
    }

    [LoggerMessage(111, LogLevel.Debug, "Executing '{Function}' ({Invocation})")]
    private partial void LogExecuting(string function, string invocation);

    [LoggerMessage(112, LogLevel.Information, "Executed '{Function}' ({Invocation}) in {Duration}")]
    private partial void LogExecuted(string function, string invocation, TimeSpan duration);

    [LoggerMessage(113, LogLevel.Error, "'{Function}' ({Invocation}) failed after {Duration}")]
    private partial void LogFailed(Exception exception, string function, string invocation, TimeSpan duration);
}
