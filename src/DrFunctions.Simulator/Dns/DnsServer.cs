using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using DrFunctions.Simulator.Listening;

namespace DrFunctions.Simulator.Dns;

/// <summary>The responder on one port of the loopback, UDP and TCP.</summary>
internal sealed class DnsServer : IAsyncDisposable
{
    private const string Purpose = "The DNS responder";
    private const int FreePortAttempts = 20;
    private const int MaxConnections = 64;
    private const int MaxDatagrams = 256;
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(10);

    private readonly Socket _udp;
    private readonly Socket _tcp;
    private readonly DnsExchange _exchange;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _connections = new(MaxConnections);
    private readonly SemaphoreSlim _datagrams = new(MaxDatagrams);
    private readonly Task _loops;

    private DnsServer(Socket udp, Socket tcp, DnsExchange exchange, TimeProvider time)
    {
        (_udp, _tcp, _exchange, _time) = (udp, tcp, exchange, time);
        EndPoint = (IPEndPoint)udp.LocalEndPoint!; // bound
        _loops = Task.WhenAll(ServeUdpAsync(_stop.Token), ServeTcpAsync(_stop.Token));
    }

    public IPEndPoint EndPoint { get; }

    /// <exception cref="SimulatorStartException">The port cannot be used.</exception>
    public static DnsServer Start(int port, DnsExchange exchange, TimeProvider time)
    {
        for (var attempt = 1; ; attempt++)
        {
            var at = new IPEndPoint(IPAddress.Loopback, port);
            var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                udp.Bind(at);
                tcp.Bind(udp.LocalEndPoint!); // bound
                tcp.Listen();
                return new DnsServer(udp, tcp, exchange, time);
            }
            catch (SocketException exception)
            {
                udp.Dispose();
                tcp.Dispose();
                if (port != 0 || attempt == FreePortAttempts || !ListenFailure.IsInUse(exception))
                {
                    throw ListenFailure.Describe(at, Purpose, exception);
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _udp.Dispose();
        _tcp.Dispose();
        await _loops;
        await DrainAsync(_connections, MaxConnections);
        await DrainAsync(_datagrams, MaxDatagrams);
        _stop.Dispose();
    }

    private static async Task DrainAsync(SemaphoreSlim places, int all)
    {
        for (var i = 0; i < all; i++)
        {
            await places.WaitAsync();
        }

        places.Dispose();
    }

    private async Task ServeUdpAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[ushort.MaxValue];
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var received = await _udp.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), cancellationToken);
                await _datagrams.WaitAsync(cancellationToken);
                _ = AnswerDatagramAsync(buffer.AsMemory(0, received.ReceivedBytes).ToArray(), received.RemoteEndPoint, cancellationToken);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One client that is gone does not end the service; the loop's condition ends it when the server stops.
            }
        }
    }

    private async Task AnswerDatagramAsync(byte[] query, EndPoint client, CancellationToken cancellationToken)
    {
        try
        {
            if (await _exchange.AnswerAsync(query, ((IPEndPoint)client).Address, udp: true, cancellationToken) is { } response)
            {
                await _udp.SendToAsync(response, SocketFlags.None, client, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone or the server stops.
        }
        finally
        {
            _datagrams.Release();
        }
    }

    private async Task ServeTcpAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await _connections.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            try
            {
                _ = ServeConnectionAsync(await _tcp.AcceptAsync(cancellationToken), cancellationToken);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                _connections.Release();
            }
        }
    }

    private async Task ServeConnectionAsync(Socket socket, CancellationToken cancellationToken)
    {
        try
        {
            var source = ((IPEndPoint)socket.RemoteEndPoint!).Address; // connected
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            while (true)
            {
                using var idle = new CancellationTokenSource(IdleLimit, _time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
                var length = new byte[2];
                await stream.ReadExactlyAsync(length, either.Token);
                var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(query, either.Token);
                idle.CancelAfter(Timeout.InfiniteTimeSpan); // how long the answer takes is not the client's doing
                if (await _exchange.AnswerAsync(query, source, udp: false, either.Token) is not { } response)
                {
                    return;
                }

                idle.CancelAfter(IdleLimit);

                var framed = new byte[response.Length + 2];
                BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)response.Length);
                response.CopyTo(framed, 2);
                await stream.WriteAsync(framed, either.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client left, was idle for too long, or the server stops: the connection is over either way.
        }
        finally
        {
            _connections.Release();
        }
    }
}
