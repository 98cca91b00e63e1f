using System.Buffers.Binary;
using System.Net;

namespace DrFunctions.Simulator.Dns;

/// <summary>Reads a message from the wire. Any input is safe: it is read or refused, and work is bounded by its length.</summary>
internal ref struct DnsReader
{
    private readonly ReadOnlySpan<byte> _message;
    private int _position;

    private DnsReader(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>Length of the fixed header.</summary>
    public const int HeaderOctets = 12;

    /// <summary>False when the octets are not a message; <paramref name="message"/> is then null.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out DnsMessage? message)
    {
        var reader = new DnsReader(octets);
        return reader.TryReadMessage(out message);
    }

    private bool TryReadMessage(out DnsMessage? message)
    {
        message = null;
        if (!TryReadUInt16(out var id) || !TryReadUInt16(out var flags)
            || !TryReadUInt16(out var questionCount) || !TryReadUInt16(out var answerCount)
            || !TryReadUInt16(out var authorityCount) || !TryReadUInt16(out var additionalCount))
        {
            return false;
        }

        var questions = new List<DnsQuestion>();
        for (var i = 0; i < questionCount; i++)
        {
            if (!TryReadName(out var name) || !TryReadUInt16(out var type) || !TryReadUInt16(out var @class))
            {
                return false;
            }

            questions.Add(new DnsQuestion(name, (DnsType)type, @class));
        }

        DnsEdns? edns = null;
        byte extendedCode = 0;
        if (!TryReadRecords(answerCount, false, ref edns, ref extendedCode, out var answers)
            || !TryReadRecords(authorityCount, false, ref edns, ref extendedCode, out var authorities)
            || !TryReadRecords(additionalCount, true, ref edns, ref extendedCode, out _))
        {
            return false;
        }

        message = new DnsMessage
        {
            Id = id,
            IsResponse = (flags & 0x8000) != 0,
            OpCode = (byte)(flags >> 11 & 0xF),
            Authoritative = (flags & 0x0400) != 0,
            Truncated = (flags & 0x0200) != 0,
            RecursionDesired = (flags & 0x0100) != 0,
            CheckingDisabled = (flags & 0x0010) != 0,
            Code = (DnsCode)(flags & 0xF | extendedCode << 4),
            Questions = questions,
            Answers = answers,
            Authorities = authorities,
            Edns = edns,
        };
        return true;
    }

    private bool TryReadRecords(int count, bool additional, ref DnsEdns? edns, ref byte extendedCode, out List<DnsRecord> records)
    {
        records = [];
        for (var i = 0; i < count; i++)
        {
            if (!TryReadName(out var name) || !TryReadUInt16(out var type) || !TryReadUInt16(out var @class)
                || !TryReadUInt16(out var ttlHigh) || !TryReadUInt16(out var ttlLow) || !TryReadUInt16(out var length)
                || _message.Length - _position < length)
            {
                return false;
            }

            var end = _position + length;
            var ttl = (uint)(ttlHigh << 16 | ttlLow);
            if ((DnsType)type == DnsType.Opt)
            {
                // RFC 6891, 6.1.1: one at most, in the additional section, owned by the root.
                if (!additional || edns is not null || name.Labels.Count != 0 || !TryReadOptions(end, out var subnet))
                {
                    return false;
                }

                edns = new DnsEdns(@class, (byte)(ttl >> 16), subnet, (ttl & DnsWriter.DnssecOk) != 0);
                extendedCode = (byte)(ttl >> 24);
            }
            else if (TryReadData(name, (DnsType)type, ttl, end, out var record))
            {
                records.Add(record);
            }
            else
            {
                return false;
            }

            _position = end;
        }

        return true;
    }

    private bool TryReadData(DnsName name, DnsType type, uint ttl, int end, out DnsRecord record)
    {
        var data = _message[_position..end];
        record = new DnsRecord.Other(name, ttl, type, data.ToArray());
        if (type == DnsType.A)
        {
            if (data.Length != 4)
            {
                return false;
            }

            record = new DnsRecord.A(name, ttl, new IPAddress(data));
        }
        else if (type == DnsType.Aaaa)
        {
            if (data.Length != 16)
            {
                return false;
            }

            record = new DnsRecord.Aaaa(name, ttl, new IPAddress(data));
        }
        else if (type is DnsType.CName or DnsType.Ns)
        {
            if (!TryReadName(out var target) || _position != end)
            {
                return false;
            }

            record = type == DnsType.Ns ? new DnsRecord.Ns(name, ttl, target) : new DnsRecord.CName(name, ttl, target);
        }
        else if (type == DnsType.Soa)
        {
            record = new DnsRecord.Soa(name, ttl);
        }

        return true;
    }

    private bool TryReadOptions(int end, out DnsClientSubnet? subnet)
    {
        subnet = null;
        while (_position < end)
        {
            if (!TryReadUInt16(out var code) || !TryReadUInt16(out var length) || end - _position < length)
            {
                return false;
            }

            var data = _message.Slice(_position, length);
            _position += length;
            if (code == DnsWriter.ClientSubnetOption && !TryReadSubnet(data, out subnet))
            {
                return false;
            }
        }

        return _position == end;
    }

    private static bool TryReadSubnet(ReadOnlySpan<byte> data, out DnsClientSubnet? subnet)
    {
        subnet = null;
        if (data.Length < 4)
        {
            return false;
        }

        var family = BinaryPrimitives.ReadUInt16BigEndian(data);
        var size = family switch { 1 => 4, 2 => 16, _ => 0 };
        var prefix = data[2];
        var given = data[4..];
        if (size == 0 || prefix > size * 8 || data[3] > size * 8 || given.Length != (prefix + 7) / 8
            || (prefix % 8 != 0 && (given[^1] & 0xFF >> prefix % 8) != 0))
        {
            return false;
        }

        Span<byte> address = stackalloc byte[size];
        address.Clear();
        given.CopyTo(address);
        subnet = new DnsClientSubnet(new IPAddress(address), prefix, data[3]);
        return true;
    }

    private bool TryReadName(out DnsName name)
    {
        name = default;
        var labels = new List<string>();
        var octets = 1;
        var at = _position;
        var floor = _position;
        var jumps = 0;
        while (true)
        {
            if (at >= _message.Length)
            {
                return false;
            }

            int length = _message[at++];
            if (length == 0)
            {
                break;
            }

            if ((length & 0xC0) == 0xC0)
            {
                if (at >= _message.Length)
                {
                    return false;
                }

                var target = (length & 0x3F) << 8 | _message[at++];
                if (jumps++ == 0)
                {
                    _position = at;
                }

                // A pointer must lead further back than anything seen so far: that alone ends every loop. A name needs no more than one for each label.
                if (target >= floor || jumps > DnsName.MaxOctets / 2)
                {
                    return false;
                }

                floor = at = target;
                continue;
            }

            octets += length + 1;
            if (length > DnsName.MaxLabel || octets > DnsName.MaxOctets || at + length > _message.Length)
            {
                return false;
            }

            labels.Add(System.Text.Encoding.Latin1.GetString(_message.Slice(at, length)));
            at += length;
        }

        if (jumps == 0)
        {
            _position = at;
        }

        name = DnsName.FromLabels(labels);
        return true;
    }

    private bool TryReadUInt16(out ushort value)
    {
        if (_message.Length - _position < 2)
        {
            value = 0;
            return false;
        }

        value = BinaryPrimitives.ReadUInt16BigEndian(_message[_position..]);
        _position += 2;
        return true;
    }
}
