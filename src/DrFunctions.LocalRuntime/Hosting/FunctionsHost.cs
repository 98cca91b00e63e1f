using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Hosting;

/// <summary>
/// The app's host. One that cannot start says so in one message, sets the exit code and ends, instead of throwing through the
/// app's <c>Main</c>; the test host asks it to throw.
/// </summary>
internal sealed partial class FunctionsHost(
    WebApplication app, IReadOnlyList<string> problems, IReadOnlyList<string> warnings, bool throws) : IHost, IAsyncDisposable
{
    public IServiceProvider Services => app.Services;

    /// <summary>Where HTTP listens, once started.</summary>
    public Uri Address => new(app.Urls.First());

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            if (problems.Count > 0)
            {
                throw new StartupException(problems);
            }

            var logger = app.Services.GetRequiredService<ILogger<FunctionsHost>>();
            foreach (var warning in warnings)
            {
                LogWarning(logger, warning);
            }

            await ListenAsync(cancellationToken);
            FunctionList.Log(app, logger);
        }
        catch (StartupException exception) when (!throws)
        {
            StartupFailure.Tell(exception);
            app.Lifetime.StopApplication();
        }
    }

    public Task StopAsync(CancellationToken cancellationToken = default) => app.StopAsync(cancellationToken);

    public void Dispose() => ((IDisposable)app).Dispose();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        // A server that fails forgets its addresses.
        var addresses = app.Urls.Count > 0 ? string.Join(", ", app.Urls) : app.Configuration["urls"];
        try
        {
            if (PortProbe.InUse((addresses ?? "").Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries)) is { } address)
            {
                throw InUse(address);
            }

            await app.StartAsync(cancellationToken);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw InUse(addresses, exception);
        }
        catch (Exception exception) when (exception is SocketException or FormatException
            || exception.InnerException is SocketException { SocketErrorCode: not SocketError.AddressAlreadyInUse })
        {
            throw new StartupException([$"HTTP cannot listen on {addresses}: {exception.Message}"], exception);
        }
    }

    private static StartupException InUse(string? address, Exception? exception = null) =>
        new([$"{address} is in use by another process: end it, or choose another port with --port"], exception);

    [LoggerMessage(161, LogLevel.Warning, "{Warning}")]
    private static partial void LogWarning(ILogger logger, string warning);
}
