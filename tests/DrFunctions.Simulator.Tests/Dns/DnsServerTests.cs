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
    [InlineData("ns1.trafficmanager.net", DnsCode.NoError, "127.0.0.1")]
    [InlineData("azurewebsites.net", DnsCode.NoError, null)]
    [InlineData("deeper.shop-northeurope.azurewebsites.net", DnsCode.NameError, null)]
    public async Task Query_Name_IsKnownOrNot(string name, object code, string? address)
    {
        await using var simulation = await Simulation.StartAsync();

        var answer = await simulation.Dns.AskAsync(name);

        Assert.Equal((DnsCode)code, answer.Code);
        Assert.Equal(address is null ? [] : [address], DnsClient.Addresses(answer));
    }

    [Theory]
    [InlineData("www.example.org")]
    [InlineData("net")]
    [InlineData("example.net")]
    public async Task Query_NameOutsideTheZones_IsRefusedWithoutAuthority(string name)
    {
        await using var simulation = await Simulation.StartAsync();

        var answer = await simulation.Dns.AskAsync(name);

        Assert.Equal((DnsCode.Refused, false), (answer.Code, answer.Authoritative));
        Assert.Empty(answer.Authorities);
    }

    [Theory]
    [InlineData("trafficmanager.net")]
    [InlineData("AzureWebsites.net")]
    public async Task Query_ApexForItsNameServers_NamesOne(string zone)
    {
        await using var simulation = await Simulation.StartAsync();

        var answer = await simulation.Dns.AskAsync(zone, DnsType.Ns);

        Assert.Equal("ns1." + zone, Assert.IsType<DnsRecord.Ns>(Assert.Single(answer.Answers)).Server.ToString());
        Assert.Empty(answer.Authorities);
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
    [InlineData("000100000002000000000000016100000100010161000001 0001", DnsCode.FormatError)]
    [InlineData("00010000000100000000000001610000010001FF", DnsCode.Refused)]
    [InlineData("00012800000000000000000000", DnsCode.NotImplemented)]
    [InlineData("000128000001000100010001FFFFFF", DnsCode.NotImplemented)]
    [InlineData("00012000000100000000000003666F6F0000060001", DnsCode.NotImplemented)]
    [InlineData("000100000001000000000000016100000100FF", DnsCode.Refused)]
    [InlineData("00010000000100000000000007 76657273696F6E0462696E64000010 0003", DnsCode.Refused)]
    [InlineData("0001000000010000000000000E747261666669636D616E61676572036E65740000FC0001", DnsCode.Refused)]
    [InlineData("0001000000010000000000000E747261666669636D616E61676572036E65740000FB0001", DnsCode.Refused)]
    public async Task Query_MalformedOrUnwanted_IsRefusedAndTheServerLivesOn(string hex, object code)
    {
        await using var simulation = await Simulation.StartAsync();
        var query = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        foreach (var octets in new[] { await simulation.Dns.SendUdpAsync(query), await simulation.Dns.SendTcpAsync(query) })
        {
            Assert.True(DnsReader.TryRead(octets, out var answer));

            Assert.Equal(((DnsCode)code, query[2] >> 3 & 0xF), (answer!.Code, answer.OpCode));
            Assert.Equal(1, answer.Id);
        }

        Assert.Equal(DnsCode.NoError, (await simulation.Dns.AskAsync("shop.trafficmanager.net")).Code);
    }

    [Theory]
    [InlineData("shop.trafficmanager.net", 16, 1)]
    [InlineData("shop.trafficmanager.net", 65, 1)]
    [InlineData("shop-westeurope.azurewebsites.net", 15, 0)]
    [InlineData("shop-westeurope.azurewebsites.net", 65280, 0)]
    public async Task Query_TypeThatNobodyHas_IsNoDataAndItsZone(string name, int type, int aliases)
    {
        await using var simulation = await Simulation.StartAsync();

        var answer = await simulation.Dns.AskAsync(name, (DnsType)type);

        Assert.Equal(DnsCode.NoError, answer.Code);
        Assert.Equal(aliases, answer.Answers.OfType<DnsRecord.CName>().Count());
        Assert.Equal(aliases, answer.Answers.Count);
        Assert.Equal("azurewebsites.net", Assert.IsType<DnsRecord.Soa>(Assert.Single(answer.Authorities)).Name.ToString());
    }

    [Theory]
    [InlineData("trafficmanager.net", 6, 1, 0)]
    [InlineData("TrafficManager.net", 1, 0, 1)]
    [InlineData("b.trafficmanager.net", 1, 0, 1)]
    public async Task Query_ApexOrNameBetween_Exists(string name, int type, int answers, int authorities)
    {
        await using var simulation = await Simulation.StartAsync(Scenarios.Shop().With(profile => profile with { RelativeName = "a.b" }));

        var answer = await simulation.Dns.AskAsync(name, (DnsType)type);

        Assert.Equal((DnsCode.NoError, answers, authorities), (answer.Code, answer.Answers.Count, answer.Authorities.Count));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Query_Flags_AreRepeated(bool dnssecOk, bool checkingDisabled)
    {
        await using var simulation = await Simulation.StartAsync();
        var query = DnsWriter.Write(new DnsMessage
        {
            Id = 5,
            RecursionDesired = dnssecOk,
            CheckingDisabled = checkingDisabled,
            Questions = [new DnsQuestion(DnsName.FromLabels("shop", "trafficmanager", "net"), DnsType.A)],
            Edns = new DnsEdns(4096, DnssecOk: dnssecOk),
        });

        Assert.True(DnsReader.TryRead(await simulation.Dns.SendUdpAsync(query), out var answer));

        Assert.Equal((dnssecOk, dnssecOk, checkingDisabled), (answer!.RecursionDesired, answer.Edns!.DnssecOk, answer.CheckingDisabled));
        Assert.Equal((1232, (byte)0), (answer.Edns.UdpSize, answer.Edns.Version));
    }

    [Theory]
    [InlineData(false, 512, true)]
    [InlineData(true, 512, true)]
    [InlineData(true, 511, true)]
    [InlineData(true, 1232, false)]
    public async Task Query_LongAnswer_IsCutOverUdpAndWholeOverTcp(bool edns, int size, bool cut)
    {
        await using var simulation = await Simulation.StartAsync(LongNames());
        Assert.True(DnsName.TryParse(LongName + ".trafficmanager.net", out var name));
        var query = DnsWriter.Write(new DnsMessage
        {
            Id = 5,
            Questions = [new DnsQuestion(name, DnsType.A)],
            Edns = edns ? new DnsEdns((ushort)size) : null,
        });

        var udp = await simulation.Dns.SendUdpAsync(query);
        Assert.True(DnsReader.TryRead(udp, out var answer));
        Assert.True(DnsReader.TryRead(await simulation.Dns.SendTcpAsync(query), out var whole));

        Assert.Equal((cut, cut ? 0 : 1, edns), (answer!.Truncated, answer.Answers.Count, answer.Edns is not null));
        Assert.InRange(udp.Length, 12, Math.Max(size, 512));
        Assert.Equal((false, 1), (whole!.Truncated, whole.Answers.Count));
    }

    [Theory]
    [InlineData("203.0.113.64", 26, "192.0.2.1", 25)]
    [InlineData("203.0.113.128", 25, "192.0.2.2", 25)]
    [InlineData("203.0.112.0", 24, "192.0.2.2", 24)]
    [InlineData("10.0.0.0", 8, "192.0.2.2", 1)]
    [InlineData("2001:db8::", 48, "192.0.2.2", 0)]
    public async Task ClientSubnet_InSubnetRouting_DecidesAndComesBackWithTheShortestScope(string network, byte prefix, string expected, byte scope)
    {
        await using var simulation = await Simulation.StartAsync(BySubnet("203.0.113.0/25"));

        var answer = await simulation.Dns.AskAsync("shop.trafficmanager.net", client: new DnsClientSubnet(IPAddress.Parse(network), prefix));

        Assert.Equal([expected], DnsClient.Addresses(answer));
        Assert.Equal(scope, answer.Edns!.ClientSubnet!.ScopePrefix);
    }

    [Theory]
    [InlineData("127.0.0.77", "192.0.2.1")]
    [InlineData("127.0.0.78", "192.0.2.2")]
    public async Task Query_WithoutClientSubnet_IsAnsweredForTheAddressThatItComesFrom(string source, string expected)
    {
        await using var simulation = await Simulation.StartAsync(BySubnet("127.0.0.77"));
        using var patience = new CancellationTokenSource(Simulation.Patience);
        using var udp = new UdpClient(new IPEndPoint(IPAddress.Parse(source), 0));
        var question = new DnsQuestion(DnsName.FromLabels("shop", "trafficmanager", "net"), DnsType.A);

        await udp.SendAsync(DnsWriter.Write(new DnsMessage { Id = 5, Questions = [question] }), simulation.Simulator.Dns, patience.Token);

        Assert.True(DnsReader.TryRead((await udp.ReceiveAsync(patience.Token)).Buffer, out var answer));
        Assert.Equal([expected], DnsClient.Addresses(answer!));
    }

    [Theory]
    [InlineData(true, DnsCode.NameError)]
    [InlineData(false, DnsCode.NoError)]
    public async Task Query_ProfileWithoutAnEnabledEndpoint_IsNoName(bool disabled, object code)
    {
        await using var simulation = await Simulation.StartAsync(Scenarios.Shop().With(profile => profile with
        {
            Endpoints = [new() { Name = "northeurope", Site = "shop-northeurope", Enabled = !disabled }],
        }));

        var answer = await simulation.Dns.AskAsync("shop.trafficmanager.net");

        // The site is stopped: enabled, its profile has a name and nothing to show.
        Assert.Equal(((DnsCode)code, 0), (answer.Code, answer.Answers.Count));
        Assert.IsType<DnsRecord.Soa>(Assert.Single(answer.Authorities));
    }

    private static Scenario BySubnet(string subnet) => Scenarios.Shop().With(profile => profile with
    {
        RoutingMethod = "Subnet",
        Endpoints =
        [
            new() { Name = "inside", Target = "192.0.2.1", Subnets = [subnet], AlwaysServe = true },
            new() { Name = "outside", Target = "192.0.2.2", AlwaysServe = true },
        ],
    });

    [Fact]
    public async Task Connection_ManyQueriesAtOnceAndInPieces_AreAllAnswered()
    {
        await using var simulation = await Simulation.StartAsync();
        using var patience = new CancellationTokenSource(Simulation.Patience);
        using var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(simulation.Simulator.Dns, patience.Token);
        var stream = tcp.GetStream();
        var question = new DnsQuestion(DnsName.FromLabels("shop", "trafficmanager", "net"), DnsType.A);
        var queries = Enumerable.Range(0, 100).SelectMany(id =>
        {
            var query = DnsWriter.Write(new DnsMessage { Id = (ushort)id, Questions = [question] });
            return (byte[])[0, (byte)query.Length, .. query];
        }).ToArray();

        await stream.WriteAsync(queries.AsMemory(..^20), patience.Token);
        foreach (var octet in queries[^20..])
        {
            await stream.WriteAsync(new[] { octet }, patience.Token);
        }

        for (var id = 0; id < 100; id++)
        {
            var length = new byte[2];
            await stream.ReadExactlyAsync(length, patience.Token);
            var response = new byte[length[0] << 8 | length[1]];
            await stream.ReadExactlyAsync(response, patience.Token);
            Assert.True(DnsReader.TryRead(response, out var answer));
            Assert.Equal((id, 2), (answer!.Id, answer.Answers.Count));
        }
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

    /// <summary>As long as a relative name can be, and a target that makes the answer longer than 512 octets.</summary>
    internal static readonly string LongName = string.Join('.', new string('a', 63), new string('b', 63), new string('c', 63), new string('d', 40));

    internal static Scenario LongNames() => Scenarios.Shop().With(profile => profile with
    {
        RelativeName = LongName,
        Endpoints = [new() { Name = "out", Target = string.Join('.', new string('e', 63), new string('f', 63), new string('g', 63), new string('h', 49), "example.org") }],
    });

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
