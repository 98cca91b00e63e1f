using DrFunctions.LocalRuntime.Discovery;
using DrFunctions.LocalRuntime.Invocation;
using DrFunctions.LocalRuntime.Storage;
using DrFunctions.LocalRuntime.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Timers;

/// <summary>Fires one timer function at its occurrences, one after the other.</summary>
internal sealed partial class TimerListener(
    FunctionDescriptor function, TimerSchedule schedule, TimerLedger? ledger, FunctionInvoker invoker, TimeProvider time, ILogger logger)
{
    /// <summary>What fires later than this is past due.</summary>
    private static readonly TimeSpan Punctual = TimeSpan.FromSeconds(1);

    // A timer of the platform takes no more than 49 days.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly RetryDelay _retry = new();

    /// <summary>Runs until cancelled; an invocation that has begun is awaited.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (function.Trigger is TimerFunctionTrigger { RunOnStartup: true })
        {
            await FireAsync(new TimerInfo());
        }

        var local = time.GetUtcNow();
        var first = true;
        while (!cancellationToken.IsCancellationRequested)
        {
            var (info, next) = ledger is null
                ? Local(ref local)
                : await MonitoredAsync(ledger, first, cancellationToken);
            first = false;
            if (info is not null)
            {
                await FireAsync(info);
            }
            else if (next is { } wait)
            {
                await Task.Delay(wait < LongestWait ? wait : LongestWait, time, cancellationToken);
            }
            else
            {
                LogNoMore(function.Name, schedule.Expression);
                return;
            }
        }
    }

    /// <summary>Without stored state every host fires every occurrence, and none is caught up.</summary>
    private (TimerInfo? Due, TimeSpan? Wait) Local(ref DateTimeOffset last)
    {
        var now = time.GetUtcNow();
        if (schedule.Next(last) is not { } next || next > now)
        {
            return (null, schedule.Next(last) - now);
        }

        last = now;
        Measure(now - next);
        return (new TimerInfo { IsPastDue = now - next > Punctual }, null);
    }

    private async Task<(TimerInfo? Due, TimeSpan? Wait)> MonitoredAsync(TimerLedger ledger, bool first, CancellationToken cancellationToken)
    {
        try
        {
            var (record, etag) = await ledger.ReadAsync(cancellationToken);
            _retry.Reset();
            var now = time.GetUtcNow();
            if (ledger.TakesUnanswered(record))
            {
                Measure(now - record.Last);
                return (Info(record, isPastDue: now - record.Last > Punctual), null);
            }

            if (record.Next is not { } next || next > now)
            {
                return (null, record.Next - now);
            }

            var claimed = await ledger.TryClaimAsync(record, etag, cancellationToken);
            if (claimed is null)
            {
                return (null, TimeSpan.Zero);
            }

            Measure(now - next);
            return (Info(claimed, isPastDue: first || now - next > Punctual), null);
        }
        catch (RecordStoreException exception)
        {
            var delay = _retry.Next();
            LogStorage(function.Name, exception.Message, delay);
            return (null, delay);
        }
    }

    private static TimerInfo Info(TimerRecord record, bool isPastDue) => new()
    {
        IsPastDue = isPastDue,
        ScheduleStatus = new ScheduleStatus
        {
            Last = record.Last?.UtcDateTime ?? default,
            Next = record.Next?.UtcDateTime ?? default,
            LastUpdated = record.LastUpdated.UtcDateTime,
        },
    };

    private void Measure(TimeSpan? late)
    {
        if (late is { } lateness)
        {
            RuntimeMetrics.TimerLateness.Record(lateness.TotalSeconds, new KeyValuePair<string, object?>(RuntimeMetrics.FunctionName, function.Name));
        }
    }

    private async Task FireAsync(TimerInfo info)
    {
        try
        {
            await invoker.InvokeAsync(function, new TriggerInput(info), useResult: null, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // The invoker has logged it; the next occurrence comes.
            LogFailed(function.Name, exception.GetType().Name);
        }
    }

    [LoggerMessage(141, LogLevel.Warning, "The schedule state of timer '{Function}' cannot be kept: {Reason}. Trying again in {Delay}")]
    private partial void LogStorage(string function, string reason, TimeSpan delay);

    [LoggerMessage(142, LogLevel.Debug, "Timer '{Function}' failed with {Exception}; it fires again at its next occurrence")]
    private partial void LogFailed(string function, string exception);

    [LoggerMessage(143, LogLevel.Warning, "Timer '{Function}' has no more occurrences in '{Schedule}'")]
    private partial void LogNoMore(string function, string schedule);
}
