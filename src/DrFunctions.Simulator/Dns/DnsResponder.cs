using System.Net;

namespace DrFunctions.Simulator.Dns;

/// <summary>Turns the octets of a query into the octets of its response; pure but for the zones it asks.</summary>
internal sealed class DnsResponder(IDnsZones zones)
{
    private const int PlainUdpOctets = 512;
    private const ushort OwnUdpOctets = 1232;
    public const uint NegativeTtl = 5;

    /// <summary>Null when nothing is to be answered: the octets are no query.</summary>
    /// <param name="octets">What was received.</param>
    /// <param name="source">The address that it came from.</param>
    /// <param name="udp">Whether it came over UDP, so that a long response must be cut.</param>
    public byte[]? Respond(ReadOnlySpan<byte> octets, IPAddress source, bool udp)
    {
        if (octets.Length < DnsReader.HeaderOctets || (octets[2] & 0x80) != 0)
        {
            return null;
        }

        // What another kind of operation holds behind the header is not ours to read.
        var head = new DnsMessage { Id = (ushort)(octets[0] << 8 | octets[1]), IsResponse = true, OpCode = (byte)(octets[2] >> 3 & 0xF) };
        if (head.OpCode != 0)
        {
            return DnsWriter.Write(head with { Code = DnsCode.NotImplemented });
        }

        if (!DnsReader.TryRead(octets, out var query) || query is null)
        {
            return DnsWriter.Write(head with { Code = DnsCode.FormatError });
        }

        var limit = !udp ? ushort.MaxValue : Math.Clamp((int)(query.Edns?.UdpSize ?? 0), PlainUdpOctets, OwnUdpOctets);
        return DnsWriter.Write(Respond(query, source), limit);
    }

    private DnsMessage Respond(DnsMessage query, IPAddress source)
    {
        var response = new DnsMessage
        {
            Id = query.Id,
            IsResponse = true,
            RecursionDesired = query.RecursionDesired,
            CheckingDisabled = query.CheckingDisabled,
            Edns = query.Edns is { } edns ? new DnsEdns(OwnUdpOctets, DnssecOk: edns.DnssecOk) : null,
        };
        if (query.Edns is { Version: not 0 })
        {
            return response with { Code = DnsCode.BadVersion, Questions = query.Questions };
        }

        if (query.Questions is not [var question])
        {
            return response with { Code = DnsCode.FormatError };
        }

        response = response with { Questions = query.Questions };
        if (question.Class != DnsQuestion.Internet || question.Type is DnsType.Axfr or DnsType.Ixfr)
        {
            return response with { Code = DnsCode.Refused };
        }

        var given = query.Edns?.ClientSubnet;
        var answer = zones.Answer(question, given is { SourcePrefix: > 0 } ? given : new DnsClientSubnet(source, (byte)(source.GetAddressBytes().Length * 8)));
        return response with
        {
            Code = answer.Code,
            Authoritative = answer.Code is DnsCode.NoError or DnsCode.NameError,
            Answers = answer.Records,
            Authorities = answer.Zone is { } zone ? [new DnsRecord.Soa(zone, NegativeTtl)] : [],
            Edns = response.Edns is null || given is null
                ? response.Edns
                : response.Edns with { ClientSubnet = given with { ScopePrefix = given.SourcePrefix == 0 ? (byte)0 : answer.ScopePrefix } },
        };
    }
}
