namespace DrFunctions.Simulator.Dns;

/// <summary>What the responder knows: an answer for a question from a client.</summary>
internal interface IDnsZones
{
    /// <param name="question">The question.</param>
    /// <param name="client">The network that the client is in: what the query says, else where the query came from.</param>
    DnsAnswer Answer(DnsQuestion question, DnsClientSubnet client);
}

/// <summary>The answer to one question.</summary>
/// <param name="Code">The response code.</param>
/// <param name="Records">The answer section.</param>
/// <param name="Zone">The zone that lacks what was asked for and whose start of authority says so; null when nothing is lacking, or outside every zone.</param>
/// <param name="ScopePrefix">The client subnet prefix that the answer holds for.</param>
internal sealed record DnsAnswer(DnsCode Code, IReadOnlyList<DnsRecord> Records, DnsName? Zone, byte ScopePrefix = 0);
