using System.Net;
using DrFunctions.Simulator.Dns;

namespace DrFunctions.Simulator.Tests.Dns;

public class DnsCodecTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Read_AnyWrittenMessage_IsTheMessage(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 500; i++)
        {
            var message = AMessage(random);

            var octets = DnsWriter.Write(message);

            Assert.True(DnsReader.TryRead(octets, out var read));
            Assert.Equal(message.Questions, read!.Questions);
            Assert.Equal(message.Answers, read.Answers);
            Assert.Equal(message.Authorities, read.Authorities);
            Assert.Equal(message.Edns, read.Edns);
            Assert.Equal(
                message with { Questions = [], Answers = [], Authorities = [] }, read with { Questions = [], Answers = [], Authorities = [] });
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public void Respond_AnyOctets_NeverThrowsAndAnswersReadably(int seed)
    {
        var random = new Random(seed);
        var responder = new DnsResponder(new NoZones());
        for (var i = 0; i < 25_000; i++)
        {
            var octets = i % 2 == 0 ? Noise(random) : Mutated(random);

            var response = responder.Respond(octets, IPAddress.Loopback, udp: true);

            if (octets.Length < 12 || (octets[2] & 0x80) != 0)
            {
                Assert.Null(response);
            }
            else
            {
                Assert.True(DnsReader.TryRead(response, out var read));
                Assert.True(read!.IsResponse);
                Assert.Equal(octets[..2], response![..2]);
                Assert.InRange(response.Length, 12, 1232);
            }
        }
    }

    [Fact]
    public void Read_LongChainsOfPointers_AreRefusedAtTheFirst()
    {
        // Pointers at every second octet, each to the one before, then as many names as fit that begin at the end of the chain.
        var octets = new List<byte> { 0, 1, 0, 0, 0x27, 0x0F, 0, 0, 0, 0, 0, 0, 0 };
        for (var at = 13; at < 0x3FF0; at += 2)
        {
            var target = at == 13 ? 12 : at - 2;
            octets.AddRange([(byte)(0xC0 | target >> 8), (byte)target]);
        }

        Assert.False(DnsReader.TryRead(octets.ToArray(), out _));
        var allowed = octets[..(13 + 2 * (DnsName.MaxOctets / 2))];
        allowed[4] = allowed[5] = 0;
        Assert.True(DnsReader.TryRead(allowed.ToArray(), out _));
    }

    [Fact]
    public void Read_NamePointerThatLoops_IsRefused()
    {
        byte[] header = [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];

        Assert.False(DnsReader.TryRead([.. header, 0xC0, 12, 0, 1, 0, 1], out _));
        Assert.False(DnsReader.TryRead([.. header, 0xC0, 14, 0xC0, 12, 0, 1, 0, 1], out _));
        Assert.False(DnsReader.TryRead([.. header, 1, (byte)'a', 0xC0, 12, 0, 1, 0, 1], out _));
    }

    [Fact]
    public void Read_NameOfManyPointers_IsReadOrRefusedInBoundedTime()
    {
        // Each name leads back to the one before and adds a label: a message of 64 KiB stays cheap.
        var octets = new List<byte> { 0, 1, 0, 0, 0x7F, 0xFF, 0, 0, 0, 0, 0, 0, 1, (byte)'a', 0, 0, 1, 0, 1 };
        var last = 12;
        while (octets.Count < 60_000)
        {
            var at = octets.Count;
            octets.AddRange([1, (byte)'b', (byte)(0xC0 | (last >> 8) & 0x3F), (byte)last, 0, 1, 0, 1]);
            last = Math.Min(at, 0x3FFF);
        }

        Assert.False(DnsReader.TryRead([.. octets], out _));
    }

    [Fact]
    public void Write_MessageLongerThanTheLimit_IsTruncatedAndSaysSo()
    {
        var name = DnsName.FromLabels("shop", "trafficmanager", "net");
        var records = Enumerable.Range(0, 100).Select(i => new DnsRecord.A(name, 1, new IPAddress([127, 0, 0, (byte)i]))).ToList();

        var octets = DnsWriter.Write(new DnsMessage { Id = 9, Questions = [new DnsQuestion(name, DnsType.A)], Answers = records }, 512);

        Assert.True(DnsReader.TryRead(octets, out var read));
        Assert.True(read!.Truncated);
        Assert.Empty(read.Answers);
        Assert.InRange(octets.Length, 12, 512);
    }

    [Theory]
    [InlineData("shop.trafficmanager.net", true)]
    [InlineData("shop.trafficmanager.net.", true)]
    [InlineData("", false)]
    [InlineData("a..b", false)]
    [InlineData(".", false)]
    [InlineData("with space.net", false)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.net", false)]
    public void TryParse_Text_IsANameOrNot(string text, bool valid) => Assert.Equal(valid, DnsName.TryParse(text, out _));

    [Fact]
    public void Equals_NamesInAnyCase_AreTheSame()
    {
        var left = DnsName.FromLabels("SHOP", "net");
        var right = DnsName.FromLabels("shop", "NET");

        Assert.Equal(left, right);
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        Assert.NotEqual(left, DnsName.FromLabels("shop.net"));
    }

    private static DnsMessage AMessage(Random random)
    {
        var records = Enumerable.Range(0, random.Next(4)).Select(_ => ARecord(random)).ToList();
        var withEdns = random.Next(2) == 0;
        var prefix = (byte)random.Next(33);
        var mask = prefix == 0 ? 0u : uint.MaxValue << (32 - prefix);
        var bits = (uint)random.NextInt64(1L << 32) & mask;
        var network = new IPAddress([(byte)(bits >> 24), (byte)(bits >> 16), (byte)(bits >> 8), (byte)bits]);
        return new DnsMessage
        {
            Id = (ushort)random.Next(65536),
            IsResponse = random.Next(2) == 0,
            OpCode = (byte)random.Next(16),
            Authoritative = random.Next(2) == 0,
            RecursionDesired = random.Next(2) == 0,
            CheckingDisabled = random.Next(2) == 0,
            Code = (DnsCode)random.Next(withEdns ? 17 : 6),
            Questions = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new DnsQuestion(AName(random), (DnsType)random.Next(256), (ushort)random.Next(5)))],
            Answers = [.. records],
            Authorities = random.Next(2) == 0 ? [] : [new DnsRecord.Soa(AShortName(random), (uint)random.Next(100))],
            Edns = withEdns ? new DnsEdns((ushort)random.Next(65536), (byte)random.Next(2), random.Next(2) == 0 ? null : new DnsClientSubnet(network, prefix, prefix), random.Next(2) == 0) : null,
        };
    }

    private static DnsRecord ARecord(Random random) => random.Next(3) switch
    {
        0 => new DnsRecord.A(AName(random), (uint)random.Next(int.MaxValue), new IPAddress(random.NextInt64(1L << 32))),
        1 => new DnsRecord.Aaaa(AName(random), (uint)random.Next(int.MaxValue), new IPAddress([0x20, 1, .. BitConverter.GetBytes(random.NextInt64()), 0, 0, 0, 0, 0, 1])),
        _ => new DnsRecord.CName(AName(random), (uint)random.Next(int.MaxValue), AName(random)),
    };

    private static DnsName AShortName(Random random) => DnsName.FromLabels(Enumerable.Range(0, 1 + random.Next(2)).Select(_ => ALabel(random, 20)));

    private static DnsName AName(Random random) => DnsName.FromLabels(Enumerable.Range(0, random.Next(4)).Select(_ => ALabel(random, 63)));

    private static string ALabel(Random random, int longest) =>
        string.Concat(Enumerable.Range(0, 1 + random.Next(longest)).Select(_ => random.Next(3) == 0 ? (char)random.Next(256) : 'a'));

    private static byte[] Noise(Random random)
    {
        var octets = new byte[random.Next(120)];
        random.NextBytes(octets);
        return octets;
    }

    private static byte[] Mutated(Random random)
    {
        var octets = DnsWriter.Write(AMessage(random) with { IsResponse = false });
        for (var i = random.Next(4); i > 0; i--)
        {
            octets[random.Next(octets.Length)] = (byte)random.Next(256);
        }

        return random.Next(4) == 0 ? octets[..random.Next(octets.Length)] : octets;
    }

    private sealed class NoZones : IDnsZones
    {
        public DnsAnswer Answer(DnsQuestion question, DnsClientSubnet client) => new(DnsCode.NameError, [], null);
    }
}
