using DrFunctions.LocalRuntime.Discovery;
using DrFunctions.LocalRuntime.Invocation;
using DrFunctions.LocalRuntime.Shutdown;
using DrFunctions.LocalRuntime.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Timers;

/// <summary>Runs all timer functions once the host has started.</summary>
internal sealed class TimerService(
    FunctionCatalog catalog,
    FunctionInvoker invoker,
    IRecordStore store,
    HostIdentity identity,
    IHostApplicationLifetime lifetime,
    DrainMode drain,
    TimeProvider time,
    ILogger<TimerService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Until HTTP listens the host may still fail, and must not have claimed an occurrence.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stoppingToken);

        using var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, drain.Begun);
        await Task.WhenAll(catalog.Functions
            .Where(function => function is { IsDisabled: false, Trigger: TimerFunctionTrigger })
            .Select(function => RunAsync(function, over.Token)));
    }

    private async Task RunAsync(FunctionDescriptor function, CancellationToken over)
    {
        try
        {
            await Listener(function).RunAsync(over);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // No timer fires any more.
        }
    }

    private TimerListener Listener(FunctionDescriptor function)
    {
        var trigger = (TimerFunctionTrigger)function.Trigger;
        var schedule = TimerSchedule.Parse(trigger.Schedule, out var reason)
            ?? throw new InvalidOperationException($"The schedule '{trigger.Schedule}' was checked at the start: {reason}");
        var ledger = trigger.UseMonitor ? new TimerLedger(store, identity, function.Name, schedule, time) : null;
        return new TimerListener(function, schedule, ledger, invoker, time, logger);
    }
}
