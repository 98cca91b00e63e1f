using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using DrFunctions.Simulator.Dns;

namespace DrFunctions.Simulator.Tests.Dns;

/// <summary>Asks a DNS server with raw packets.</summary>
internal sealed class DnsClient(IPEndPoint server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<DnsMessage> AskAsync(string name, DnsType type = DnsType.A, DnsClientSubnet? client = null, bool tcp = false)
    {
        Assert.True(DnsName.TryParse(name, out var parsed));
        var query = DnsWriter.Write(new DnsMessage
        {
            Id = 4711,
            RecursionDesired = true,
            Questions = [new DnsQuestion(parsed, type)],
            Edns = client is null ? null : new DnsEdns(1232, 0, client),
        });
        var octets = tcp ? await SendTcpAsync(query) : await SendUdpAsync(query);
        Assert.True(DnsReader.TryRead(octets, out var response));
        Assert.Equal(4711, response!.Id);
        Assert.True(response.IsResponse);
        return response;
    }

    public async Task<byte[]> SendUdpAsync(byte[] query)
    {
        using var udp = new UdpClient(AddressFamily.InterNetwork);
        using var patience = new CancellationTokenSource(Patience);
        await udp.SendAsync(query, server, patience.Token);
        return (await udp.ReceiveAsync(patience.Token)).Buffer;
    }

    public async Task<byte[]> SendTcpAsync(byte[] query)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server, patience.Token);
        var stream = tcp.GetStream();
        var framed = new byte[query.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)query.Length);
        query.CopyTo(framed, 2);
        await stream.WriteAsync(framed, patience.Token);
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, patience.Token);
        var response = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(response, patience.Token);
        return response;
    }

    /// <summary>The addresses of an answer's A records.</summary>
    public static IEnumerable<string> Addresses(DnsMessage message) => message.Answers.OfType<DnsRecord.A>().Select(record => record.Address.ToString());
}
