using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using DrFunctions.Cloud.Probes;

namespace DrFunctions.Cli.Demo;

/// <summary>Fetches as a user's browser does: asks DNS, then the address that DNS answered.</summary>
/// <param name="resolver">The DNS server.</param>
internal sealed class OutsideFetch(IPEndPoint resolver) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly OutsideProbe _probe = new([resolver], TimeProvider.System);
    private readonly Dictionary<IPAddress, HttpClient> _clients = [];

    /// <summary>Fetches a URL whole.</summary>
    /// <exception cref="CliException">DNS or the address does not answer.</exception>
    public async Task<FetchedFile> FetchAsync(Uri url, CancellationToken cancellationToken)
    {
        var probed = await _probe.GetAsync(url, Timeout, cancellationToken);
        if (probed is not { Address: { } address, CanonicalName: { } name, Status: { } status })
        {
            throw new CliException("StepFailed", $"{url} cannot be fetched: {probed.Summary}.", "Look at dr plan show and the Traffic Manager profile.");
        }

        await using var content = await ClientOf(address).GetStreamAsync(url, cancellationToken);
        return new FetchedFile(name, address, status, Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private HttpClient ClientOf(IPAddress address)
    {
        if (!_clients.TryGetValue(address, out var client))
        {
            client = _clients[address] = new HttpClient(new SocketsHttpHandler
            {
                UseProxy = false,
                AllowAutoRedirect = false,
                ConnectCallback = (context, token) => ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), token),
            });
        }

        return client;
    }

    private static async ValueTask<Stream> ConnectAsync(IPEndPoint to, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>What a user got.</summary>
/// <param name="CanonicalName">The name that DNS led to.</param>
/// <param name="Address">The address that answered.</param>
/// <param name="Status">Its HTTP status.</param>
/// <param name="Sha256">Lower-case hexadecimal, of the whole body.</param>
internal sealed record FetchedFile(string CanonicalName, IPAddress Address, int Status, string Sha256);
