using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using DrFunctions.Simulator.Sites;
using DrFunctions.Simulator.Web;

namespace DrFunctions.Simulator.TrafficManager;

/// <summary>Probes targets for real: one connection, one request, one verdict.</summary>
/// <param name="resolve">Where a host and port of the simulated network are; null when it has no such host.</param>
/// <param name="time">The clock of the timeout.</param>
internal sealed class EndpointProber(Func<string, int, IPEndPoint?> resolve, TimeProvider time) : IDisposable
{
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        // Traffic Manager does not validate the certificate, only that there is one.
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, resolve, cancellationToken),
    });

    /// <summary>Never throws for what the target does; only when <paramref name="cancellationToken"/> is cancelled.</summary>
    public async Task<ProbeOutcome> ProbeAsync(string target, MonitorConfig monitor, IEnumerable<CustomHeader> headers, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(monitor.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return monitor.Protocol == MonitorProtocol.TCP
                ? await ProbeTcpAsync(target, monitor, either.Token)
                : await ProbeHttpAsync(target, monitor, headers, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ProbeOutcome.TooLate(monitor);
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException or IOException)
        {
            return new ProbeOutcome(false, exception.GetBaseException().Message);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<ProbeOutcome> ProbeTcpAsync(string target, MonitorConfig monitor, CancellationToken cancellationToken)
    {
        await using var stream = await ConnectAsync(new DnsEndPoint(target, monitor.Port), resolve, cancellationToken);
        return new ProbeOutcome(true, "connected");
    }

    private async Task<ProbeOutcome> ProbeHttpAsync(
        string target, MonitorConfig monitor, IEnumerable<CustomHeader> headers, CancellationToken cancellationToken)
    {
        var host = IPAddress.TryParse(target, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{target}]" : target;
        var uri = new Uri($"{(monitor.Protocol == MonitorProtocol.HTTPS ? "https" : "http")}://{host}:{monitor.Port}{monitor.Path}");
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        foreach (var header in headers)
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        if (!request.Headers.Contains("User-Agent"))
        {
            request.Headers.TryAddWithoutValidation("User-Agent", "Azure Traffic Manager Endpoint Monitor");
        }

        if (target.EndsWith("." + Site.Zone, StringComparison.OrdinalIgnoreCase))
        {
            request.Headers.Add(RegionEndpoint.ProbeMark, "1");
        }

        using var response = await _http.SendAsync(request, cancellationToken);
        return ProbeOutcome.OfStatus((int)response.StatusCode, monitor);
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, Func<string, int, IPEndPoint?> resolve, CancellationToken cancellationToken)
    {
        var at = resolve(target.Host, target.Port)
            ?? throw new HttpRequestException($"the simulated network has no host '{target.Host}'");
        var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(at, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
