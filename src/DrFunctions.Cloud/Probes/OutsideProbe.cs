using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using DrFunctions.Cloud.Probes.Dns;
using DrFunctions.Recovery.Probes;

namespace DrFunctions.Cloud.Probes;

/// <summary>
/// Looks at the workload as a user would who has never been there: resolves the name anew, opens a new connection to the address
/// found, follows no redirect, uses no proxy. IPv4 only. Thread-safe.
/// </summary>
/// <param name="resolvers">DNS servers, asked in turn; none for the machine's.</param>
/// <param name="time">Measures.</param>
public sealed class OutsideProbe(IReadOnlyList<IPEndPoint> resolvers, TimeProvider time) : IOutsideProbe
{
    private const int LongestBody = 4096;
    private readonly DnsClient _dns = new(time);

    /// <inheritdoc/>
    public Task<ProbeResult> GetAsync(Uri url, TimeSpan timeout, CancellationToken cancellationToken) =>
        url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            ? ProbeAsync(url, timeout, GetAsync, cancellationToken)
            : Task.FromResult(Refused(url, "an http or https URL"));

    /// <inheritdoc/>
    public Task<ProbeResult> ConnectAsync(Uri target, TimeSpan timeout, CancellationToken cancellationToken) =>
        target.IsAbsoluteUri && target is { Scheme: "tcp", Port: > 0 }
            ? ProbeAsync(target, timeout, ConnectAsync, cancellationToken)
            : Task.FromResult(Refused(target, "tcp://host:port"));

    /// <summary>Why there was no answer; null for what is no failure of the target.</summary>
    private static string? Describe(Exception exception, IPAddress? address, Uri url, TimeSpan timeout) => exception switch
    {
        OperationCanceledException => FormattableString.Invariant(
            $"{(address is null ? "no DNS answer" : $"no complete answer from {address}:{url.Port}")} within {timeout.TotalSeconds:0.###} s"),
        DnsException => exception.Message,
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } =>
            $"connection refused by {address}:{url.Port}",
        HttpRequestException { InnerException: SocketException e } => $"cannot connect to {address}:{url.Port} ({e.SocketErrorCode})",
        HttpRequestException { InnerException: AuthenticationException } => $"the certificate of {address}:{url.Port} is not valid for '{url.Host}'",
        HttpRequestException or IOException => $"{address}:{url.Port} broke the connection or did not speak HTTP",
        SocketException e when address is null => $"DNS cannot be asked ({e.SocketErrorCode})",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => $"connection refused by {address}:{url.Port}",
        SocketException e => $"cannot connect to {address}:{url.Port} ({e.SocketErrorCode})",
        _ => null,
    };

    private static ProbeResult Refused(Uri url, string expected) => new(url, null, null, null, null, TimeSpan.Zero, $"'{url}' is not {expected}");

    private async Task<ProbeResult> ProbeAsync(
        Uri url, TimeSpan timeout, Func<ProbeResult, IPAddress, CancellationToken, Task<ProbeResult>> ask, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var result = new ProbeResult(url, null, null, null, null, TimeSpan.Zero, null);
        cancellationToken.ThrowIfCancellationRequested();
        using var limit = new CancellationTokenSource(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var (names, address) = await ResolveAsync(url, either.Token);
            result = result with { CanonicalName = names[^1], Names = names.Count > 1 ? [.. names.Skip(1)] : names, Address = address };
            return await ask(result, address, either.Token) with { Elapsed = time.GetElapsedTime(start) };
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && Describe(e, result.Address, url, timeout) is { } failure)
        {
            return result with { Failure = failure, Elapsed = time.GetElapsedTime(start) };
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private async Task<(IReadOnlyList<string> Names, IPAddress Address)> ResolveAsync(Uri url, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(url.DnsSafeHost, out var literal))
        {
            return ([url.DnsSafeHost], literal);
        }

        // Never leaves the machine (RFC 6761, section 6.3).
        if (url.IsLoopback || url.IdnHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase))
        {
            return ([url.IdnHost], IPAddress.Loopback);
        }

        var name = DnsQuestion.Normalize(url.IdnHost) ?? throw new DnsException($"'{url.Host}' is no DNS name");
        var servers = Resolvers.Of(resolvers);
        if (servers.Count > 0)
        {
            var answer = await _dns.ResolveAsync(name, servers, cancellationToken);
            return (answer.Names, answer.Addresses[0]);
        }

        // No DNS server is known here; the system may have other means.
        var entry = await System.Net.Dns.GetHostEntryAsync(name, AddressFamily.InterNetwork, cancellationToken);
        return ([entry.HostName], entry.AddressList.FirstOrDefault() ?? throw new DnsException($"the system has no IPv4 address for '{name}'"));
    }

    private static async Task<ProbeResult> ConnectAsync(ProbeResult result, IPAddress address, CancellationToken cancellationToken)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(address, result.Url.Port), cancellationToken);
        return result with { IsConnected = true };
    }

    private static async Task<ProbeResult> GetAsync(ProbeResult result, IPAddress address, CancellationToken cancellationToken)
    {
        var url = result.Url;
        var connected = false;
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectCallback = async (context, token) =>
            {
                // The handler would ask again when a connection is closed without an answer.
                if (connected)
                {
                    throw new IOException("The connection was closed without an answer.");
                }

                connected = true;
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), token);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.ConnectionClose = true;
        request.Headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
        request.Headers.UserAgent.ParseAdd("DrFunctions-Probe/1.0");
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var body = new byte[LongestBody];
        var length = await stream.ReadAtLeastAsync(body, LongestBody, throwOnEndOfStream: false, cancellationToken);
        return result with { Status = (int)response.StatusCode, Body = Encoding.UTF8.GetString(body, 0, length) };
    }
}
