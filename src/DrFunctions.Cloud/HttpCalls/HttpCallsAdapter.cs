using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using DrFunctions.Recovery;
using DrFunctions.Recovery.HttpCalls;

namespace DrFunctions.Cloud.HttpCalls;

/// <summary>
/// Calls services over a connection to an address that was looked up, judged and then used: a name that answers otherwise a moment
/// later changes nothing. Every address of a name must be allowed, not only the one that is used. Thread-safe.
/// </summary>
/// <param name="settings">Looks up an app setting; null when it is not set.</param>
/// <param name="resolve">The addresses of a name.</param>
/// <param name="time">Ends what takes too long.</param>
public sealed class HttpCallsAdapter(
    Func<string, string?> settings, Func<string, CancellationToken, Task<IPAddress[]>> resolve, TimeProvider time) : IHttpCalls
{
    /// <summary>Looks names up as the machine does.</summary>
    public HttpCallsAdapter(Func<string, string?> settings, TimeProvider time)
        : this(settings, (name, cancellationToken) => System.Net.Dns.GetHostAddressesAsync(name, cancellationToken), time)
    {
    }

    /// <inheritdoc/>
    public async Task<HttpCallAnswer> SendAsync(HttpCall call, AllowedHost host, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(host);
        if (!host.IsOf(call.Url))
        {
            throw new ArgumentException($"'{call.Url}' is not of the host '{host.Host}'.", nameof(host));
        }

        using var request = Request(call);
        using var limit = new CancellationTokenSource(call.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var address = await AddressAsync(call.Url, host, either.Token);
            return await SendAsync(request, address, either.Token);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && Describe(failure) is { } words)
        {
            throw new RecoveryException(
                "CallUnanswered", $"{call.Method} {call.Url}: {words}.", isTransient: true, "Look at the service and at the network in between.", failure);
        }
    }

    private static async Task<HttpCallAnswer> SendAsync(HttpRequestMessage request, IPAddress address, CancellationToken cancellationToken)
    {
        var connected = false;
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = 32,
            ConnectCallback = async (context, token) =>
            {
                // The handler would send again when a connection is closed without an answer; only attempts of the step may.
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
        using var client = new HttpMessageInvoker(handler);
        using var response = await client.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[HttpCall.LongestAnswer + 1];
        var read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return new HttpCallAnswer((int)response.StatusCode, address, Math.Min(read, HttpCall.LongestAnswer), read > HttpCall.LongestAnswer);
    }

    private async Task<IPAddress> AddressAsync(Uri url, AllowedHost host, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(url.DnsSafeHost, out var literal) ? [literal] : await resolve(url.IdnHost, cancellationToken);
        foreach (var address in addresses)
        {
            var reach = AddressReaches.Of(address);
            if (reach == AddressReach.Forbidden || (reach == AddressReach.Private && !host.IsPrivate))
            {
                throw new RecoveryException(
                    "AddressNotAllowed",
                    $"'{url.IdnHost}' has the address {address}, which is not public, and the plan does not allow it.",
                    isTransient: false,
                    reach == AddressReach.Private ? "If it is meant, say 'private: true' for the host in the plan's http.allow." : "Addresses like this one are never called.");
            }
        }

        return addresses.FirstOrDefault() ?? throw new SocketException((int)SocketError.NoData);
    }

    private HttpRequestMessage Request(HttpCall call)
    {
        var request = new HttpRequestMessage(new HttpMethod(call.Method), call.Url) { Version = HttpVersion.Version11 };
        if (call.Body is { } body)
        {
            request.Content = new StringContent(body, Encoding.UTF8, call.ContentType);
        }

        foreach (var (name, value) in call.PlainHeaders)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        foreach (var (name, setting) in call.Headers)
        {
            if (settings(setting) is not { Length: > 0 } value)
            {
                throw new RecoveryException(
                    "SettingMissing", $"The app setting '{setting}' of the header {name} is not set.", isTransient: false, "Set it, then retry the step.");
            }

            // The value is a secret: what is wrong with it is not shown.
            if (value.Any(character => character is < ' ' or > '~') || !request.Headers.TryAddWithoutValidation(name, value))
            {
                throw new RecoveryException(
                    "SettingUnusable",
                    $"The app setting '{setting}' cannot be the value of the header {name}; expected printable ASCII.",
                    isTransient: false,
                    "Correct it, then retry the step.");
            }
        }

        return request;
    }

    private static string? Describe(Exception exception) => exception switch
    {
        OperationCanceledException => "no complete answer in time",
        HttpRequestException { InnerException: AuthenticationException } => "the certificate is not valid",
        HttpRequestException { InnerException: SocketException inner } => $"cannot connect ({inner.SocketErrorCode})",
        HttpRequestException or IOException => "the connection was broken, or what answers does not speak HTTP",
        SocketException inner => $"the name or the address cannot be reached ({inner.SocketErrorCode})",
        _ => null,
    };
}
