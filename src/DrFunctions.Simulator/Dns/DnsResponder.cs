namespace DrFunctions.Simulator.Dns;

/// <summary>Turns the octets of a query into the octets of its response; pure but for the zones it asks.</summary>
internal sealed class DnsResponder(IDnsZones zones)
{
    private const int PlainUdpOctets = 512;
    private const ushort OwnUdpOctets = 1232;
    private const uint NegativeTtl = 5;

    /// <summary>Null when nothing is to be answered: the octets are no query.</summary>
    public byte[]? Respond(ReadOnlySpan<byte> octets, bool udp)
    {
        if (octets.Length < DnsReader.HeaderOctets || (octets[2] & 0x80) != 0)
        {
            return null;
        }

        if (!DnsReader.TryRead(octets, out var query) || query is null)
        {
            return DnsWriter.Write(new DnsMessage { Id = (ushort)(octets[0] << 8 | octets[1]), IsResponse = true, Code = DnsCode.FormatError });
        }

        var limit = !udp ? ushort.MaxValue : Math.Clamp((int)(query.Edns?.UdpSize ?? 0), PlainUdpOctets, OwnUdpOctets);
        return DnsWriter.Write(Respond(query), limit);
    }

    private DnsMessage Respond(DnsMessage query)
    {
        var response = new DnsMessage
        {
            Id = query.Id,
            IsResponse = true,
            OpCode = query.OpCode,
            RecursionDesired = query.RecursionDesired,
            Questions = query.Questions,
            Edns = query.Edns is null ? null : new DnsEdns(OwnUdpOctets),
        };
        if (query.Edns is { Version: not 0 })
        {
            return response with { Code = DnsCode.BadVersion };
        }

        if (query.OpCode != 0)
        {
            return response with { Code = DnsCode.NotImplemented };
        }

        if (query.Questions is not [var question])
        {
            return response with { Code = DnsCode.FormatError };
        }

        if (question.Class != DnsQuestion.Internet)
        {
            return response with { Code = DnsCode.Refused };
        }

        var client = query.Edns?.ClientSubnet;
        var answer = zones.Answer(question, client);
        return response with
        {
            Code = answer.Code,
            Authoritative = true,
            Answers = answer.Records,
            Authorities = answer is { Records: [], Zone: { } zone } ? [new DnsRecord.Soa(zone, NegativeTtl)] : [],
            Edns = response.Edns is null ? null
                : response.Edns with { ClientSubnet = client is null ? null : client with { ScopePrefix = answer.ScopePrefix } },
        };
    }
}
