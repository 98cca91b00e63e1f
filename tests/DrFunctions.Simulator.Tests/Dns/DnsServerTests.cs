using System.Net;
using System.Net.Sockets;
using DrFunctions.Simulator.Dns;

namespace DrFunctions.Simulator.Tests.Dns;

public class DnsServerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Query_ProfileName_IsAliasAndAddress(bool tcp)
    {
        await using var simulation = await Simulation.StartAsync();

        var answer = await simulation.Dns.AskAsync("ShOp.trafficmanager.NET", tcp: tcp);

        Assert.Equal(DnsCode.NoError, answer.Code);
        Assert.True(answer.Authoritative);
        Assert.Equal("ShOp.trafficmanager.NET", answer.Questions[0].Name.ToString());
        var alias = Assert.IsType<DnsRecord.CName>(answer.Answers[0]);
        Assert.Equal("shop-westeurope.azurewebsites.net", alias.Target.ToString());
        Assert.Equal(7u, alias.Ttl);
        var address = Assert.IsType<DnsRecord.A>(answer.Answers[1]);
        Assert.Equal(IPAddress.Parse("127.0.0.11"), address.Address);
        Assert.Equal(2, answer.Answers.Count);
    }

    [Theory]
    [InlineData("shop-northeurope.azurewebsites.net", DnsCode.NoError, "127.0.0.12")]
    [InlineData("nobody.azurewebsites.net", DnsCode.NameError, null)]
    [InlineData("nobody.trafficmanager.net", DnsCode.NameError, null)]
    [InlineData("www.example.org", DnsCode.NameError, null)]
    [InlineData("azurewebsites.net", DnsCode.NoError, null)]
    [InlineData("deeper.shop-northeurope.azurewebsites.net", DnsCode.NameError, null)]
    public async Task Query_Name_IsKnownOrNot(string name, object code, string? address)
    {
        await using var simulation = await Simulation.StartAsync();

        var answer = await simulation.Dns.AskAsync(name);

        Assert.Equal((DnsCode)code, answer.Code);
        Assert.Equal(address is null ? [] : [address], DnsClient.Addresses(answer));
    }

    [Fact]
    public async Task Query_AddressOfVersion6_IsAnAnswerWithoutDataAndItsZone()
    {
        await using var simulation = await Simulation.StartAsync();

        var answer = await simulation.Dns.AskAsync("shop-westeurope.azurewebsites.net", DnsType.Aaaa);

        Assert.Equal(DnsCode.NoError, answer.Code);
        Assert.Empty(answer.Answers);
        Assert.Equal("azurewebsites.net", Assert.IsType<DnsRecord.Soa>(Assert.Single(answer.Authorities)).Name.ToString());
    }

    [Fact]
    public async Task Query_EdnsOfUnknownVersion_IsBadVersion()
    {
        await using var simulation = await Simulation.StartAsync();
        var query = DnsWriter.Write(new DnsMessage
        {
            Id = 5,
            Questions = [new DnsQuestion(DnsName.FromLabels("shop", "trafficmanager", "net"), DnsType.A)],
            Edns = new DnsEdns(4096, 1),
        });

        Assert.True(DnsReader.TryRead(await simulation.Dns.SendUdpAsync(query), out var answer));

        Assert.Equal(DnsCode.BadVersion, answer!.Code);
        Assert.Equal(0, answer.Edns!.Version);
    }

    [Theory]
    [InlineData("000100000001000000000000FF", DnsCode.FormatError)]
    [InlineData("000100000000000000000000", DnsCode.FormatError)]
    [InlineData("00012800000000000000000000", DnsCode.NotImplemented)]
    [InlineData("000100000001000000000000016100000100FF", DnsCode.Refused)]
    public async Task Query_Malformed_IsRefusedAndTheServerLivesOn(string hex, object code)
    {
        await using var simulation = await Simulation.StartAsync();

        Assert.True(DnsReader.TryRead(await simulation.Dns.SendUdpAsync(Convert.FromHexString(hex)), out var answer));

        Assert.Equal((DnsCode)code, answer!.Code);
        Assert.Equal(DnsCode.NoError, (await simulation.Dns.AskAsync("shop.trafficmanager.net")).Code);
    }

    [Fact]
    public async Task Query_NoQueryAtAll_IsDroppedAndTheServerLivesOn()
    {
        await using var simulation = await Simulation.StartAsync();
        using var udp = new UdpClient(AddressFamily.InterNetwork);
        await udp.SendAsync(new byte[] { 1, 2, 3 }, simulation.Simulator.Dns);
        await udp.SendAsync(Convert.FromHexString("000180000000000000000000"), simulation.Simulator.Dns);
        using (var tcp = new TcpClient())
        {
            await tcp.ConnectAsync(simulation.Simulator.Dns);
            await tcp.GetStream().WriteAsync(new byte[] { 0, 3, 1, 2, 3 });
            Assert.Equal(0, await tcp.GetStream().ReadAsync(new byte[1]));
        }

        Assert.Equal(DnsCode.NoError, (await simulation.Dns.AskAsync("shop.trafficmanager.net")).Code);
        Assert.Equal(DnsCode.NoError, (await simulation.Dns.AskAsync("shop.trafficmanager.net", tcp: true)).Code);
        Assert.Equal(0, udp.Available);
    }

    [Fact]
    public async Task Connection_Idle_IsClosed()
    {
        await using var simulation = await Simulation.StartAsync();
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(simulation.Simulator.Dns);
        var query = DnsWriter.Write(new DnsMessage { Id = 1, Questions = [new DnsQuestion(DnsName.FromLabels("a"), DnsType.A)] });
        await tcp.GetStream().WriteAsync((byte[])[0, (byte)query.Length, .. query]);
        await tcp.GetStream().ReadExactlyAsync(new byte[2 + query.Length]);

        var closed = tcp.GetStream().ReadAsync(new byte[1]).AsTask();
        await AdvanceUntilAsync(simulation.Time, closed);

        Assert.Equal(0, await closed);
    }

    [Fact]
    public async Task Query_RegionAndResourceManagerDark_IsAnsweredStill()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.Simulator.SetRegionDarkAsync("westeurope", true);
        simulation.Simulator.SetResourceManagerDark(true);

        Assert.Equal(["127.0.0.11"], DnsClient.Addresses(await simulation.Dns.AskAsync("shop.trafficmanager.net")));
    }

    internal static async Task AdvanceUntilAsync(VirtualTime time, Task done)
    {
        using var patience = new CancellationTokenSource(Simulation.Patience);
        while (!done.IsCompleted)
        {
            patience.Token.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(done, Task.Delay(10));
        }
    }
}
