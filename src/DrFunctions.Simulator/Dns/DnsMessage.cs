using System.Net;

namespace DrFunctions.Simulator.Dns;

/// <summary>A DNS message, as far as a responder for a few zones needs it (RFC 1035, EDNS0 of RFC 6891).</summary>
internal sealed record DnsMessage
{
    public required ushort Id { get; init; }

    public bool IsResponse { get; init; }

    public byte OpCode { get; init; }

    public bool Authoritative { get; init; }

    public bool Truncated { get; init; }

    public bool RecursionDesired { get; init; }

    /// <summary>Whether the asker checks signatures itself; a response repeats it (RFC 4035, 3.2.2).</summary>
    public bool CheckingDisabled { get; init; }

    /// <summary>The response code; the bits above the low four need an <see cref="Edns"/>.</summary>
    public DnsCode Code { get; init; }

    public IReadOnlyList<DnsQuestion> Questions { get; init; } = [];

    public IReadOnlyList<DnsRecord> Answers { get; init; } = [];

    public IReadOnlyList<DnsRecord> Authorities { get; init; } = [];

    /// <summary>The OPT pseudo record; null when the message has none.</summary>
    public DnsEdns? Edns { get; init; }
}

internal enum DnsCode : ushort
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,
    BadVersion = 16,
}

internal enum DnsType : ushort
{
    A = 1,
    Ns = 2,
    CName = 5,
    Soa = 6,
    Aaaa = 28,
    Opt = 41,
    Ixfr = 251,
    Axfr = 252,
    Any = 255,
}

internal sealed record DnsQuestion(DnsName Name, DnsType Type, ushort Class = DnsQuestion.Internet)
{
    public const ushort Internet = 1;
}

/// <summary>One resource record of class IN.</summary>
internal abstract record DnsRecord(DnsName Name, uint Ttl)
{
    internal sealed record A(DnsName Name, uint Ttl, IPAddress Address) : DnsRecord(Name, Ttl);

    internal sealed record Aaaa(DnsName Name, uint Ttl, IPAddress Address) : DnsRecord(Name, Ttl);

    internal sealed record CName(DnsName Name, uint Ttl, DnsName Target) : DnsRecord(Name, Ttl);

    /// <summary>A name server of a zone.</summary>
    internal sealed record Ns(DnsName Name, uint Ttl, DnsName Server) : DnsRecord(Name, Ttl);

    /// <summary>The start of authority of a zone; negative answers may be kept for its time to live.</summary>
    internal sealed record Soa(DnsName Name, uint Ttl) : DnsRecord(Name, Ttl);

    /// <summary>A record of a type that is passed over.</summary>
    internal sealed record Other(DnsName Name, uint Ttl, DnsType Type, ReadOnlyMemory<byte> Data) : DnsRecord(Name, Ttl);
}

/// <summary>What the OPT record says.</summary>
/// <param name="UdpSize">The largest UDP message its sender takes, in octets.</param>
/// <param name="Version">Its version; only 0 exists.</param>
/// <param name="ClientSubnet">The client subnet option (RFC 7871); null when absent.</param>
/// <param name="DnssecOk">The DO bit, which a response repeats (RFC 3225, 3).</param>
internal sealed record DnsEdns(ushort UdpSize, byte Version = 0, DnsClientSubnet? ClientSubnet = null, bool DnssecOk = false);

/// <summary>The network a query came from.</summary>
/// <param name="Network">Its address, the bits after the prefix zero.</param>
/// <param name="SourcePrefix">Prefix length of the query; 0 when the client wants to stay unknown.</param>
/// <param name="ScopePrefix">Prefix length that the answer holds for; 0 in a query.</param>
internal sealed record DnsClientSubnet(IPAddress Network, byte SourcePrefix, byte ScopePrefix = 0);
