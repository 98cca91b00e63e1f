using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DrFunctions.Cloud.Tests.Probes.Dns;

/// <summary>A DNS server on loopback, over UDP and TCP on one port, that answers with the bytes the test makes.</summary>
internal sealed class FakeResolver : IAsyncDisposable
{
    private readonly Socket _datagrams;
    private readonly Socket _streams;
    private readonly CancellationTokenSource _end = new();
    private readonly Func<byte[], bool, IEnumerable<byte[]>> _answer;
    private readonly Task _running;

    /// <param name="answer">Makes the answers to a question; the flag is true for TCP, which sends the first only.</param>
    public FakeResolver(Func<byte[], bool, IEnumerable<byte[]>> answer)
    {
        _answer = answer;
        (_datagrams, _streams) = Bind();
        Address = (IPEndPoint)_datagrams.LocalEndPoint!; // It is bound.
        _streams.Listen();
        _running = Task.WhenAll(ServeDatagramsAsync(), ServeStreamsAsync());
    }

    public FakeResolver(Func<byte[], byte[]> answer) : this((question, _) => [answer(question)])
    {
    }

    public IPEndPoint Address { get; }

    public List<string> Asked { get; } = [];

    /// <summary>The answer to a question, with the records given.</summary>
    public static byte[] Reply(byte[] question, int flags = 0x8180, params byte[][] records)
    {
        byte[] reply = [.. question, .. records.SelectMany(record => record)];
        BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(2), (ushort)flags);
        BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(6), (ushort)records.Length);
        return reply;
    }

    public static byte[] A(string owner, string address) => Record(owner, 1, IPAddress.Parse(address).GetAddressBytes());

    public static byte[] Alias(string owner, string target) => Record(owner, 5, Name(target));

    public static byte[] Record(string owner, int type, byte[] data) =>
        [.. Name(owner), (byte)(type >> 8), (byte)type, 0, 1, 0, 0, 0, 0, (byte)(data.Length >> 8), (byte)data.Length, .. data];

    public static byte[] Name(string name) =>
        [.. name.Split('.').SelectMany(label => Encoding.ASCII.GetBytes(label).Prepend((byte)label.Length)), 0];

    public static string NameIn(byte[] question)
    {
        var labels = new List<string>();
        for (var at = 12; question[at] != 0; at += question[at] + 1)
        {
            labels.Add(Encoding.ASCII.GetString(question, at + 1, question[at]));
        }

        return string.Join('.', labels);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _datagrams.Dispose();
        _streams.Dispose();
        await _running;
        _end.Dispose();
    }

    private static (Socket Datagrams, Socket Streams) Bind()
    {
        for (var attempt = 1; ; attempt++)
        {
            var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            var streams = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                datagrams.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                streams.Bind(datagrams.LocalEndPoint!); // It is bound.
                return (datagrams, streams);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse && attempt < 20)
            {
                // A port that is free for datagrams may be taken for streams: choose again.
                datagrams.Dispose();
                streams.Dispose();
            }
        }
    }

    private async Task ServeDatagramsAsync()
    {
        try
        {
            var buffer = new byte[65535];
            while (true)
            {
                var received = await _datagrams.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _end.Token);
                foreach (var reply in Answers(buffer[..received.ReceivedBytes], overStream: false))
                {
                    await _datagrams.SendToAsync(reply, received.RemoteEndPoint, _end.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The end.
        }
    }

    private async Task ServeStreamsAsync()
    {
        try
        {
            while (true)
            {
                using var socket = await _streams.AcceptAsync(_end.Token);
                await using var stream = new NetworkStream(socket);
                var length = new byte[2];
                await stream.ReadExactlyAsync(length, _end.Token);
                var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(question, _end.Token);
                if (Answers(question, overStream: true).FirstOrDefault() is { } reply)
                {
                    BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)reply.Length);
                    await stream.WriteAsync(length, _end.Token);
                    await stream.WriteAsync(reply, _end.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException or IOException)
        {
            // The end.
        }
    }

    private IEnumerable<byte[]> Answers(byte[] question, bool overStream)
    {
        lock (Asked)
        {
            Asked.Add($"{(overStream ? "tcp" : "udp")} {NameIn(question)}");
        }

        return _answer(question, overStream);
    }
}
