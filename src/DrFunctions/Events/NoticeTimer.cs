using DrFunctions.Recovery.Events;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace DrFunctions.App.Events;

/// <summary>Publishes, once a minute, the events that wait. Not part of the minute tick: a topic may not answer, and backups must not wait for it.</summary>
public sealed partial class NoticeTimer(NoticeOutbox outbox, ILogger<NoticeTimer> logger)
{
    [Function("Notify")]
    public async Task RunAsync([TimerTrigger("45 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        foreach (var failure in await outbox.PublishAsync(cancellationToken))
        {
            // The next minute tries again.
            LogFailed(failure.Code, failure.Message);
        }
    }

    [LoggerMessage(3301, LogLevel.Warning, "Events could not be published: {Code}, {Message}")]
    private partial void LogFailed(string code, string message);
}
