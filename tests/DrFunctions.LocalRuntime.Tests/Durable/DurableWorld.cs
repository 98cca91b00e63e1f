using System.Collections.Concurrent;
using DrFunctions.LocalRuntime.Durable;
using DrFunctions.LocalRuntime.Durable.Storage;
using DrFunctions.LocalRuntime.Testing;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Xunit.Sdk;

namespace DrFunctions.LocalRuntime.Tests.Durable;

/// <summary>One clock, one store, one app; hosts come and go.</summary>
internal sealed class DurableWorld : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ConcurrentQueue<Host> _hosts = new();
    private int _ids;

    public ManualTimeProvider Time { get; init; } = new();

    public MemoryHubStore Store { get; init; } = new();

    public FakeFunctions App { get; } = new();

    public LogLines Log { get; } = new();

    /// <summary>The hosts that were started, whether or not they live.</summary>
    public IEnumerable<Host> Hosts => _hosts;

    /// <summary>Makes a host and starts it; one that is not running is a client only.</summary>
    public async Task<Host> StartAsync(
        IHubStore? store = null, Action<DurableOptions>? configure = null, FakeFunctions? app = null, bool isRunning = true, TimeSpan clockOffset = default)
    {
        var time = new OffsetClock(Time, clockOffset);
        var options = new DurableOptions { HubName = "test", NewId = () => $"id{Interlocked.Increment(ref _ids):D4}" };
        configure?.Invoke(options);
        var engine = new DurableEngine(options, app ?? App, store ?? Store, time, Log);
        var host = new Host(engine, new LocalDurableTaskClient(engine, app ?? App, options, time));
        _hosts.Enqueue(host);
        if (isRunning)
        {
            await engine.StartAsync(CancellationToken.None);
        }

        return host;
    }

    /// <summary>A host that holds the hub.</summary>
    public async Task<Host> StartHoldingAsync(IHubStore? store = null, Action<DurableOptions>? configure = null)
    {
        var host = await StartAsync(store, configure);
        await UntilAsync(() => host.Engine.HoldsHub);
        return host;
    }

    /// <summary>Runs an orchestration to its end.</summary>
    public async Task<OrchestrationMetadata> RunAsync(Host host, string name, object? input = null, string? id = null)
    {
        var options = new Microsoft.DurableTask.StartOrchestrationOptions(id);
        var instanceId = await host.Client.ScheduleNewOrchestrationInstanceAsync(name, input, options);
        return await EndOfAsync(host, instanceId);
    }

    public Task<OrchestrationMetadata> EndOfAsync(Host host, string instanceId) =>
        UntilAsync(host.Client.WaitForInstanceCompletionAsync(instanceId, true));

    /// <summary>Lets time pass in small steps until a task is done.</summary>
    public async Task<T> UntilAsync<T>(Task<T> task, TimeSpan? step = null)
    {
        await UntilAsync(() => task.IsCompleted, step);
        return await task;
    }

    /// <summary>Lets time pass in small steps until something is so.</summary>
    public async Task UntilAsync(Func<bool> isSo, TimeSpan? step = null)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            for (var i = 0; i < 20 && !isSo(); i++)
            {
                await Task.Yield();
            }

            await SettleAsync(isSo);
            if (!isSo())
            {
                Time.Advance(step ?? TimeSpan.FromMilliseconds(200));
            }

            if (TimeProvider.System.GetElapsedTime(begun) > Patience)
            {
                throw new XunitException($"It has not happened in {Patience}. Log:\n{string.Join('\n', Log.Lines)}");
            }
        }
    }

    /// <summary>Gives running work a moment without letting time pass.</summary>
    public static async Task SettleAsync(Func<bool>? isSo = null)
    {
        for (var i = 0; i < 2 && isSo?.Invoke() != true; i++)
        {
            await Task.Delay(1);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.KillAsync();
        }
    }

    internal sealed record Host(DurableEngine Engine, LocalDurableTaskClient Client)
    {
        public Task StopAsync() => Engine.StopAsync(CancellationToken.None);

        /// <summary>Ends the host without letting it do anything more than it is doing.</summary>
        public Task KillAsync()
        {
            Engine.Dispose();
            return Task.CompletedTask;
        }
    }
}

/// <summary>What was logged.</summary>
internal sealed class LogLines : ILoggerFactory, ILogger
{
    public ConcurrentQueue<(LogLevel Level, int Id, string Text)> Entries { get; } = new();

    public IEnumerable<string> Lines => Entries.Select(entry => $"{entry.Level} {entry.Id} {entry.Text}");

    public int Count(int id) => Entries.Count(entry => entry.Id == id);

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Entries.Enqueue((logLevel, eventId.Id, formatter(state, exception) + (exception is null ? "" : "\n" + exception)));
}
