namespace DrFunctions.Cloud.Probes.Dns;

/// <summary>Bytes that are no DNS message by RFC 1035, or not the answer to the question.</summary>
internal sealed class DnsFormatException(string message) : Exception(message);
