using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DrFunctions.Simulator.Listening;

/// <summary>Kestrel on one loopback address. No host runs around it, so that nothing of the environment configures it.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private const int MaxBodyOctets = 4 * 1024 * 1024;

    private readonly WebApplication _owner;
    private readonly IServer _server;

    private LoopbackServer(WebApplication owner, IServer server)
    {
        (_owner, _server) = (owner, server);
        Port = new Uri(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single()).Port;
    }

    public int Port { get; }

    /// <exception cref="SimulatorStartException">The address or the port cannot be used.</exception>
    public static async Task<LoopbackServer> StartAsync(
        IPEndPoint at, string purpose, RequestDelegate handler, ILoggerFactory loggers, Action<ListenOptions>? configure, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MaxBodyOctets;
            options.Listen(at, configure ?? (_ => { }));
        });
        var owner = builder.Build();
        try
        {
            var server = owner.Services.GetRequiredService<IServer>();
            await server.StartAsync(new RequestApplication(handler), cancellationToken);
            return new LoopbackServer(owner, server);
        }
        catch (Exception exception)
        {
            await owner.DisposeAsync();
            if (exception is IOException or SocketException)
            {
                throw ListenFailure.Describe(at, purpose, exception);
            }

            throw;
        }
    }

    /// <summary>Closes the listener and every connection at once, as a machine that has lost its power.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _owner.DisposeAsync();
    }
}
