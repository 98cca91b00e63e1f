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
        using var telemetry = InvocationTelemetry.Begin(function, input);

        // The limit is one of real time: a test that moves a virtual clock by a month does not make a function slow.
        using var timeout = new CancellationTokenSource(options.FunctionTimeout ?? Timeout.InfiniteTimeSpan);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token, lifetime.Token(function.Trigger));
        var started = time.GetTimestamp();
        var id = telemetry.Id;
        LogExecuting(function.Name, id);
        try
        {
            var traced = input with { Span = telemetry.Span };
            var result = await RunAsync(function, traced, id, useResult, stop.Token).WaitAsync(timeout.Token);
            var elapsed = time.GetElapsedTime(started);
            telemetry.Succeed(elapsed);
            LogExecuted(function.Name, id, elapsed);
            return result;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && options.FunctionTimeout is { } limit)
        {
            var exception = new FunctionTimeoutException(function.Name, limit);
            Failed(exception);
            throw exception;
        }
        catch (Exception exception)
        {
            Failed(exception);
            throw;
        }

        void Failed(Exception exception)
        {
            var elapsed = time.GetElapsedTime(started);
            telemetry.Fail(elapsed, exception);
            LogFailed(exception, function.Name, id, elapsed);
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

    [LoggerMessage(111, LogLevel.Debug, "Executing '{Function}' ({Invocation})")]
    private partial void LogExecuting(string function, string invocation);

    [LoggerMessage(112, LogLevel.Information, "Executed '{Function}' ({Invocation}) in {Duration}")]
    private partial void LogExecuted(string function, string invocation, TimeSpan duration);

    [LoggerMessage(113, LogLevel.Error, "'{Function}' ({Invocation}) failed after {Duration}")]
    private partial void LogFailed(Exception exception, string function, string invocation, TimeSpan duration);
}
