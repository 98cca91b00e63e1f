using System.Net;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.Listening;
using DrFunctions.Simulator.Requests;
using DrFunctions.Simulator.Sites;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DrFunctions.Simulator.Web;

/// <summary>The web endpoints of one region: a listener of its own, which is really closed while the region is dark.</summary>
/// <param name="region">The region.</param>
/// <param name="findSite">The site that a host name leads to in this region; null when none does.</param>
/// <param name="content">Where sites find their content.</param>
/// <param name="faults">Say when it is dark.</param>
/// <param name="gate">The sites' scripted faults.</param>
/// <param name="recorder">Logs the requests.</param>
/// <param name="loggers">Where the listener logs.</param>
internal sealed partial class RegionEndpoint(ScenarioRegion region, Func<string, Site?> findSite, SiteContent content, FaultSchedule faults, SiteGate gate, RequestRecorder recorder, ILoggerFactory loggers) : IAsyncDisposable
{
    /// <summary>Says which region an answer came from.</summary>
    public const string ServedBy = "x-served-by";

    /// <summary>Marks a probe of the simulator's own, which is logged by whoever makes it.</summary>
    public const string ProbeMark = "x-simulator-probe";

    private readonly ILogger<RegionEndpoint> _logger = loggers.CreateLogger<RegionEndpoint>();
    private readonly SemaphoreSlim _switch = new(1);
    private LoopbackServer? _server;
    private volatile bool _disposed;

    public string Name => region.Name;

    public IPAddress Address { get; } = IPAddress.Parse(region.Address);

    public bool Dark => Volatile.Read(ref _server) is null || faults.IsDark(FaultTarget.Region, Name);

    /// <summary>Opens the listener, or closes it and every connection, as the faults say now.</summary>
    /// <param name="port">The port to open; 0 for a free one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The port; 0 when dark.</returns>
    /// <exception cref="SimulatorStartException">The address or the port cannot be used.</exception>
    public Task<int> FollowAsync(int port, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return SwitchAsync(() => faults.IsDark(FaultTarget.Region, Name), port, cancellationToken);
    }

    /// <summary>Closes the listener and every connection.</summary>
    public Task CloseAsync() => SwitchAsync(() => true, 0, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        await CloseAsync();
    }

    // Decided once it is this one's turn: who comes last knows best.
    private async Task<int> SwitchAsync(Func<bool> dark, int port, CancellationToken cancellationToken)
    {
        await _switch.WaitAsync(cancellationToken);
        try
        {
            if (_disposed || dark())
            {
                await CloseListenerAsync();
            }
            else
            {
                await OpenListenerAsync(port, cancellationToken);
            }

            return _server?.Port ?? 0;
        }
        finally
        {
            _switch.Release();
        }
    }

    private async Task OpenListenerAsync(int port, CancellationToken cancellationToken)
    {
        if (_server is null)
        {
            var server = await LoopbackServer.StartAsync(
                new IPEndPoint(Address, port), $"The web endpoints of region '{Name}'", recorder.Around("web/" + Name, true, AnswerAsync), loggers, null, cancellationToken);
            Volatile.Write(ref _server, server);
            LogLight(Name, Address, server.Port);
        }
    }

    private async Task CloseListenerAsync()
    {
        if (_server is { } server)
        {
            Volatile.Write(ref _server, null);
            await server.DisposeAsync();
            LogDark(Name);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var note = RequestNote.Of(context);
        note.Unlogged = context.Request.Headers.ContainsKey(ProbeMark);
        if (Dark)
        {
            note.NoAnswer = true;
            return;
        }

        if (findSite(context.Request.Host.Host) is not { } site)
        {
            await RefuseAsync(context, 404, "404 Web Site not found.");
            return;
        }

        if (!await gate.LetsPassAsync(site, context))
        {
            return;
        }

        if (site.Status == SiteStatus.Stopped)
        {
            await RefuseAsync(context, 403, "Error 403 - This web app is stopped.");
            return;
        }

        context.Response.Headers[ServedBy] = Name;
        var path = context.Request.Path.Value ?? "/";
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            await WriteJsonAsync(context, 405, new JsonObject { ["error"] = $"The method {context.Request.Method} is not served." });
        }
        else if (path == site.HealthPath)
        {
            var reason = await content.CheckAsync(site, context.RequestAborted);
            var body = new JsonObject { ["site"] = site.Name, ["region"] = Name, ["status"] = reason is null ? "healthy" : "unhealthy" };
            if (reason is not null)
            {
                body["reason"] = reason;
            }

            await WriteJsonAsync(context, reason is null ? 200 : 503, body);
        }
        else if (path.StartsWith("/files/", StringComparison.Ordinal))
        {
            await content.StreamAsync(site, path["/files/".Length..], context);
        }
        else
        {
            await WriteJsonAsync(context, 404, new JsonObject { ["error"] = $"The site serves {site.HealthPath} and /files/." });
        }
    }

    public static async Task WriteJsonAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }

    private static async Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync($"<!DOCTYPE html><html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>", context.RequestAborted);
    }

    [LoggerMessage(EventId = 7301, Level = LogLevel.Information, Message = "Region {Region} serves at {Address}:{Port}.")]
    private partial void LogLight(string region, IPAddress address, int port);

    [LoggerMessage(EventId = 7302, Level = LogLevel.Information, Message = "Region {Region} is dark.")]
    private partial void LogDark(string region);
}
