using DrFunctions.LocalRuntime.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Keys;

/// <summary>Loads the keys in the background, so that a storage that is down at the start does not keep the host from starting.</summary>
internal sealed partial class KeyLoader(KeyRing keys, TimeProvider time, ILogger<KeyLoader> logger) : BackgroundService
{
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the keys are known.</summary>
    public Task Loaded => _loaded.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var retry = new RetryDelay();
        while (true)
        {
            try
            {
                await keys.LoadAsync(stoppingToken);
                _loaded.TrySetResult();
                LogLoaded(KeyRing.Container, keys.RecordName);
                return;
            }
            catch (Exception exception) when (exception is RecordStoreException or InvalidOperationException)
            {
                var delay = retry.Next();
                LogNotLoaded(exception.Message, delay);
                await Task.Delay(delay, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(101, LogLevel.Information, "Keys that no setting Host:Keys gives are kept in {Container}/{Name}")]
    private partial void LogLoaded(string container, string name);

    [LoggerMessage(102, LogLevel.Warning, "The keys cannot be loaded, so that requests with a key are answered 503: {Reason}. Trying again in {Delay}")]
    private partial void LogNotLoaded(string reason, TimeSpan delay);
}
