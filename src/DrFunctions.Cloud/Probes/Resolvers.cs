using System.Net;
using System.Net.NetworkInformation;

namespace DrFunctions.Cloud.Probes;

/// <summary>Which DNS servers are asked.</summary>
internal static class Resolvers
{
    private const int DnsPort = 53;

    /// <summary>The configured ones, or the machine's; read anew each time, because the machine's change with its network.</summary>
    public static IReadOnlyList<IPEndPoint> Of(IReadOnlyList<IPEndPoint> configured) => configured.Count > 0
        ? configured
        : [.. NetworkInterface.GetAllNetworkInterfaces()
            .Where(one => one.OperationalStatus != OperationalStatus.Down)
            .SelectMany(one => one.GetIPProperties().DnsAddresses)
            .Distinct()
            .Select(address => new IPEndPoint(address, DnsPort))];
}
