namespace DrFunctions.Cloud.Probes.Dns;

/// <summary>A name was not resolved; the message says why, in words for the probe's result.</summary>
internal sealed class DnsException(string message) : Exception(message);
