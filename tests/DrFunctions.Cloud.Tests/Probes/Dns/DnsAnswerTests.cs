using DrFunctions.Cloud.Probes.Dns;
using static DrFunctions.Cloud.Tests.Probes.Dns.FakeResolver;

namespace DrFunctions.Cloud.Tests.Probes.Dns;

public sealed class DnsAnswerTests
{
    private static readonly DnsQuestion s_question = new(0x1234, "shop.example");
    private static readonly byte[] s_bytes = s_question.ToBytes();

    public static TheoryData<string, byte[], string> Malformed => new()
    {
        { "empty", [], "it ends too early" },
        { "another id", Changed(0, 0x99), "it is not the answer to this question" },
        { "a question", s_bytes, "it is not the answer to this question" },
        { "another operation", Reply(s_bytes, 0x8980), "it is not the answer to this question" },
        { "another name", Reply(new DnsQuestion(0x1234, "evil.example").ToBytes()), "it repeats another question" },
        { "another type", Changed(s_bytes.Length - 3, 28), "it repeats another question" },
        { "no question", Changed(5, 0), "it repeats another question" },
        { "count without record", Changed(7, 9), "it ends too early" },
        { "pointer to itself", Reply(s_bytes, 0x8180, [0xC0, (byte)s_bytes.Length]), "a pointer does not lead backwards" },
        { "pointer forwards", Reply(s_bytes, 0x8180, [0xC0, 0xFF]), "a pointer does not lead backwards" },
        { "unknown label", Reply(s_bytes, 0x8180, [0x80]), "a label has an unknown kind" },
        { "label past the end", Reply(s_bytes, 0x8180, [0x3F, 1]), "it ends too early" },
        { "control character", Reply(s_bytes, 0x8180, Record("a\nb", 5, Name("x"))), "a name has a character that host names do not have" },
        { "endless name", Reply(s_bytes, 0x8180, Name(string.Join('.', Enumerable.Repeat(new string('a', 60), 5)))), "a name is longer than 255 bytes" },
        { "three-byte address", Reply(s_bytes, 0x8180, Record("shop.example", 1, [1, 2, 3])), "an address has not four bytes" },
        { "alias shorter than its record", Reply(s_bytes, 0x8180, Record("shop.example", 5, [.. Name("b"), 7])), "a record's length is wrong" },
        { "data past the end", Reply(s_bytes, 0x8180, Record("shop.example", 16, [1, 2, 3])[..^1]), "it ends too early" },
        { "circle", Reply(s_bytes, 0x8180, Alias("shop.example", "a"), Alias("a", "shop.example")), "its aliases form a circle or a chain longer than 16" },
        { "alias of itself", Reply(s_bytes, 0x8180, Alias("shop.example", "SHOP.example")), "its aliases form a circle or a chain longer than 16" },
        { "two aliases", Reply(s_bytes, 0x8180, Alias("shop.example", "a"), Alias("shop.example", "b")), "'shop.example' has two aliases" },
    };

    [Fact]
    public void Parse_ChainInAnyOrderAmongOthers_GivesItsEnd()
    {
        var answer = DnsAnswer.Parse(
            Reply(s_bytes, 0x8180,
                A("other.example", "9.9.9.9"), A("c.example", "1.2.3.4"), Record("shop.example", 16, [1, 65]), Alias("B.example", "c.example"),
                Alias("shop.EXAMPLE", "b.example"), A("C.example", "1.2.3.5")),
            s_question);

        Assert.Equal("c.example", answer.CanonicalName);
        Assert.Equal(["1.2.3.4", "1.2.3.5"], answer.Addresses.Select(one => one.ToString()));
    }

    [Fact]
    public void Parse_CompressedNames_AreFollowed()
    {
        // The alias's target is "www" and a pointer to the question's name; the address's owner is a pointer to that target.
        var target = s_bytes.Length + 2 + 10;
        var alias = Record("x", 5, [3, .. "www"u8, 0xC0, 12])[3..];
        var address = Record("x", 1, [1, 2, 3, 4])[3..];

        var answer = DnsAnswer.Parse(Reply(s_bytes, 0x8180, [0xC0, 12, .. alias], [0xC0, (byte)target, .. address]), s_question);

        Assert.Equal("www.shop.example", answer.CanonicalName);
        Assert.Equal("1.2.3.4", Assert.Single(answer.Addresses).ToString());
    }

    [Fact]
    public void Parse_NameError_HasCode() => Assert.Equal(DnsAnswer.NameError, DnsAnswer.Parse(Reply(s_bytes, 0x8183), s_question).Code);

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Parse_Malformed_SaysWhy(string what, byte[] message, string why)
    {
        Assert.NotEmpty(what);
        Assert.Equal(why, Assert.Throws<DnsFormatException>(() => DnsAnswer.Parse(message, s_question)).Message);
    }

    [Fact]
    public void Parse_DamagedAtRandom_IsReadOrRefusedNeverMore()
    {
        var whole = Reply(s_bytes, 0x8180, Alias("shop.example", "a.example"), Record("shop.example", 16, [1, 65]), A("a.example", "1.2.3.4"));
        var random = new Random(1);
        var (read, refused) = (0, 0);
        for (var i = 0; i < 50_000; i++)
        {
            var message = whole[..(random.Next(4) == 0 ? random.Next(whole.Length + 1) : whole.Length)];
            for (var flips = random.Next(4); flips > 0 && message.Length > 0; flips--)
            {
                message[random.Next(message.Length)] = random.Next(3) switch { 0 => 0xC0, 1 => 0xFF, _ => (byte)random.Next(256) };
            }

            try
            {
                DnsAnswer.Parse(message, s_question);
                read++;
            }
            catch (DnsFormatException)
            {
                refused++;
            }
        }

        Assert.True(read > 1000 && refused > 1000, $"{read} read and {refused} refused: the damage is too small or too great to tell anything");
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    [InlineData(8000, false)]
    public void Parse_ChainOfPointers_IsReadUpToItsLimit(int pointers, bool read)
    {
        // One record's data is a chain of pointers, each leading two bytes back; the next record's name enters near its end.
        var start = s_bytes.Length + 11;
        byte[] chain = [.. Enumerable.Range(0, pointers).SelectMany(i => Pointer(i == 0 ? 12 : start + ((i - 1) * 2)))];
        byte[] first = [0, 0, 16, 0, 1, 0, 0, 0, 0, (byte)(chain.Length >> 8), (byte)chain.Length, .. chain];
        byte[] second = [.. Pointer(start + ((pointers - 2) * 2)), 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4];
        var message = Reply(s_bytes, 0x8180, first, second);

        if (read)
        {
            Assert.Equal("1.2.3.4", Assert.Single(DnsAnswer.Parse(message, s_question).Addresses).ToString());
        }
        else
        {
            Assert.Equal("a name has more than 32 pointers", Assert.Throws<DnsFormatException>(() => DnsAnswer.Parse(message, s_question)).Message);
        }

        static byte[] Pointer(int to) => [(byte)(0xC0 | (to >> 8)), (byte)to];
    }

    [Theory]
    [InlineData("shop.example.", "shop.example")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("a..b", null)]
    [InlineData("", null)]
    public void Normalize_Host_IsTheDnsName(string host, string? expected) => Assert.Equal(expected, DnsQuestion.Normalize(host));

    private static byte[] Changed(int at, byte to)
    {
        var reply = Reply(s_bytes);
        reply[at] = to;
        return reply;
    }
}
