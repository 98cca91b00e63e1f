namespace DrFunctions.Simulator.Dns;

/// <summary>What the responder knows: an answer for a question from a client.</summary>
internal interface IDnsZones
{
    DnsAnswer Answer(DnsQuestion question, DnsClientSubnet? client);
}

/// <summary>The answer to one question.</summary>
/// <param name="Code">The response code.</param>
/// <param name="Records">The answer section.</param>
/// <param name="Zone">The zone whose start of authority accompanies an answer without records; null outside every zone.</param>
/// <param name="ScopePrefix">The client subnet prefix that the answer holds for.</param>
internal sealed record DnsAnswer(DnsCode Code, IReadOnlyList<DnsRecord> Records, DnsName? Zone, byte ScopePrefix = 0);
