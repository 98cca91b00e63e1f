using DrFunctions.Cloud.Clocks;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Documents;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DrFunctions.App.Clocks;

/// <summary>
/// Keeps the storage account's clock read, from the start on and where nothing else asks storage, and says when the machine's own is far
/// from it: what goes by that (the host's logs, Azure's durable timers) is then off by as much.
/// </summary>
internal sealed partial class ClockWatch(IDocumentStore documents, TimeProvider time, ILogger<ClockWatch> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_tolerance = TimeSpan.FromSeconds(10);

    // Any document will do, and none need be there: the answer's date is what is wanted.
    private const string Key = "clock";

    private bool _isApart;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the host's timers and orchestrations begin; storage that does not answer keeps them from anything anyway.
        if (time is StorageClock clock)
        {
            using var patience = new CancellationTokenSource(s_patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
            await LookAsync(clock, either.Token);
        }

        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (time is not StorageClock clock)
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            await LookAsync(clock, stoppingToken);
            await Task.Delay(clock.HostIsAhead is null ? s_first : s_interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(StorageClock clock, CancellationToken cancellationToken)
    {
        try
        {
            await documents.ReadAsync(Key, cancellationToken);
        }
        catch (RecoveryException exception)
        {
            LogNoAnswer(exception.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }

        // Once for each time that it goes wrong, not every minute.
        var isApart = clock.HostIsAhead is { } ahead && ahead.Duration() > s_tolerance;
        if (isApart && !_isApart)
        {
            LogApart(clock.HostIsAhead.GetValueOrDefault().TotalSeconds);
        }

        _isApart = isApart;
    }

    [LoggerMessage(5001, LogLevel.Warning, "This machine's clock is {Seconds:0.0} s ahead of the control account's (behind it where negative), whose time is used. Set the machine's clock.")]
    private partial void LogApart(double seconds);

    [LoggerMessage(5002, LogLevel.Debug, "The control account's clock cannot be read now: {Message}")]
    private partial void LogNoAnswer(string message);
}
