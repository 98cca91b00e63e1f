using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace DrFunctions.Simulator.Dns;

/// <summary>Writes a message for the wire, names compressed.</summary>
internal sealed class DnsWriter
{
    /// <summary>The option code of the client subnet (RFC 7871).</summary>
    public const ushort ClientSubnetOption = 8;

    /// <summary>The DO bit in the time to live of the OPT record (RFC 3225, 3).</summary>
    public const uint DnssecOk = 0x8000;

    private readonly List<byte> _octets = [];
    /// <summary>Where names are, by their text: sharing only what is written the same keeps every name as it was given.</summary>
    private readonly Dictionary<string, int> _names = [];

    /// <summary>Writes the message; one longer than <paramref name="limit"/> loses its records and is marked as truncated.</summary>
    public static byte[] Write(DnsMessage message, int limit = ushort.MaxValue)
    {
        var octets = new DnsWriter().WriteMessage(message);
        return octets.Length <= limit
            ? octets
            : new DnsWriter().WriteMessage(message with { Truncated = true, Answers = [], Authorities = [] });
    }

    private byte[] WriteMessage(DnsMessage message)
    {
        var flags = (message.IsResponse ? 0x8000 : 0) | message.OpCode << 11 | (message.Authoritative ? 0x0400 : 0)
            | (message.Truncated ? 0x0200 : 0) | (message.RecursionDesired ? 0x0100 : 0) | (message.CheckingDisabled ? 0x0010 : 0) | (ushort)message.Code & 0xF;
        WriteUInt16(message.Id);
        WriteUInt16((ushort)flags);
        WriteUInt16((ushort)message.Questions.Count);
        WriteUInt16((ushort)message.Answers.Count);
        WriteUInt16((ushort)message.Authorities.Count);
        WriteUInt16((ushort)(message.Edns is null ? 0 : 1));
        foreach (var question in message.Questions)
        {
            WriteName(question.Name);
            WriteUInt16((ushort)question.Type);
            WriteUInt16(question.Class);
        }

        foreach (var record in message.Answers.Concat(message.Authorities))
        {
            WriteRecord(record);
        }

        if (message.Edns is { } edns)
        {
            WriteEdns(edns, (byte)((ushort)message.Code >> 4));
        }

        return _octets.ToArray();
    }

    private void WriteRecord(DnsRecord record)
    {
        WriteName(record.Name);
        WriteUInt16((ushort)(record switch
        {
            DnsRecord.A => DnsType.A,
            DnsRecord.Aaaa => DnsType.Aaaa,
            DnsRecord.CName => DnsType.CName,
            DnsRecord.Ns => DnsType.Ns,
            DnsRecord.Soa => DnsType.Soa,
            DnsRecord.Other other => other.Type,
            _ => throw new ArgumentException($"A record of type {record.GetType().Name} cannot be written.", nameof(record)),
        }));
        WriteUInt16(DnsQuestion.Internet);
        WriteUInt32(record.Ttl);
        var lengthAt = _octets.Count;
        WriteUInt16(0);
        switch (record)
        {
            case DnsRecord.A a:
                _octets.AddRange(a.Address.GetAddressBytes());
                break;
            case DnsRecord.Aaaa aaaa:
                _octets.AddRange(aaaa.Address.GetAddressBytes());
                break;
            case DnsRecord.CName alias:
                WriteName(alias.Target);
                break;
            case DnsRecord.Ns ns:
                WriteName(ns.Server);
                break;
            case DnsRecord.Soa soa:
                WriteName(DnsName.FromLabels(["ns1", .. soa.Name.Labels]));
                WriteName(DnsName.FromLabels(["hostmaster", .. soa.Name.Labels]));
                foreach (var value in (ReadOnlySpan<uint>)[1, 900, 300, 604800, soa.Ttl])
                {
                    WriteUInt32(value);
                }

                break;
            case DnsRecord.Other other:
                _octets.AddRange(other.Data.Span);
                break;
        }

        var length = (ushort)(_octets.Count - lengthAt - 2);
        BinaryPrimitives.WriteUInt16BigEndian(CollectionsMarshal.AsSpan(_octets)[lengthAt..], length);
    }

    private void WriteEdns(DnsEdns edns, byte extendedCode)
    {
        _octets.Add(0);
        WriteUInt16((ushort)DnsType.Opt);
        WriteUInt16(edns.UdpSize);
        _octets.Add(extendedCode);
        _octets.Add(edns.Version);
        WriteUInt16((ushort)(edns.DnssecOk ? DnssecOk : 0));
        if (edns.ClientSubnet is not { } subnet)
        {
            WriteUInt16(0);
            return;
        }

        var address = subnet.Network.GetAddressBytes().AsSpan(0, (subnet.SourcePrefix + 7) / 8);
        WriteUInt16((ushort)(8 + address.Length));
        WriteUInt16(ClientSubnetOption);
        WriteUInt16((ushort)(4 + address.Length));
        WriteUInt16((ushort)(subnet.Network.AddressFamily == AddressFamily.InterNetwork ? 1 : 2));
        _octets.Add(subnet.SourcePrefix);
        _octets.Add(subnet.ScopePrefix);
        _octets.AddRange(address);
    }

    private void WriteName(DnsName name)
    {
        var labels = name.Labels;
        for (var i = 0; i < labels.Count; i++)
        {
            var rest = DnsName.FromLabels(labels.Skip(i)).ToString();
            if (_names.TryGetValue(rest, out var at))
            {
                WriteUInt16((ushort)(0xC000 | at));
                return;
            }

            if (_octets.Count < 0x4000)
            {
                _names.Add(rest, _octets.Count);
            }

            _octets.Add((byte)labels[i].Length);
            _octets.AddRange(Encoding.Latin1.GetBytes(labels[i]));
        }

        _octets.Add(0);
    }

    private void WriteUInt16(ushort value)
    {
        _octets.Add((byte)(value >> 8));
        _octets.Add((byte)value);
    }

    private void WriteUInt32(uint value)
    {
        WriteUInt16((ushort)(value >> 16));
        WriteUInt16((ushort)value);
    }
}
