using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace DrFunctions.App.Deployments;

/// <summary>Keeps what a host logs, every level of it, with scopes' state.</summary>
internal sealed class Logs : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _entries = new();

    public IEnumerable<string> Texts => _entries.Select(entry => entry.Text);

    /// <summary>Warnings and worse.</summary>
    public string Troubles => string.Join('\n', _entries.Where(entry => entry.Level >= LogLevel.Warning).Select(entry => entry.Text));

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(Logs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            logs._entries.Enqueue((LogLevel.Trace, $"{category} scope: {state}"));
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logs._entries.Enqueue((logLevel, $"{logLevel} {category} {formatter(state, exception)} {exception}"));
    }
}
