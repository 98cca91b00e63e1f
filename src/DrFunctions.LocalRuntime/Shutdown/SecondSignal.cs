using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Shutdown;

/// <summary>The first SIGTERM or SIGINT stops the host in good order, which is the platform's own; the second one ends it at once.</summary>
internal sealed partial class SecondSignal(ILogger<SecondSignal> logger) : IHostedService, IDisposable
{
    private const int SignalExit = 128;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _signals;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Count(context, 15)));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Count(context, 2)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void Count(PosixSignalContext context, int number)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _signals) > 1)
        {
            LogEnded();
            Environment.Exit(SignalExit + number);
        }
    }

    [LoggerMessage(172, LogLevel.Warning, "A second signal came while the host was stopping: it ends at once")]
    private partial void LogEnded();
}
