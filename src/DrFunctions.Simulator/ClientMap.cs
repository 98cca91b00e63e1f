using System.Net;
using DrFunctions.Simulator.Dns;
using DrFunctions.Simulator.TrafficManager.Routing;

namespace DrFunctions.Simulator;

/// <summary>Where the scenario's clients are.</summary>
internal sealed class ClientMap(Scenario scenario)
{
    private readonly List<(IPNetwork Network, string Location)> _networks =
        [.. scenario.ClientNetworks.Select(each => (IPNetwork.Parse(each.Subnet), each.Location)).OrderByDescending(each => each.Item1.PrefixLength)];

    public TrafficClient Locate(DnsClientSubnet client)
    {
        var match = _networks.FirstOrDefault(each => each.Network.PrefixLength <= client.SourcePrefix && each.Network.Contains(client.Network));
        return new TrafficClient(match.Location ?? scenario.ClientLocation, client.Network);
    }

    /// <summary>The shortest prefix around the client's network whose addresses all get the same answer (RFC 7871, 7.2.1).</summary>
    public byte ScopeOf(DnsClientSubnet client, TrafficDirection direction)
    {
        var deciding = direction.ByPlace ? direction.Subnets.Concat(_networks.Select(each => each.Network)) : direction.Subnets;
        return (byte)deciding.Where(network => network.BaseAddress.AddressFamily == client.Network.AddressFamily)
            .Select(network => Math.Min(network.PrefixLength, 1 + CommonBits(network.BaseAddress, client.Network))).DefaultIfEmpty(0).Max();
    }

    private static int CommonBits(IPAddress left, IPAddress right)
    {
        var (a, b) = (left.GetAddressBytes(), right.GetAddressBytes());
        var octets = a.AsSpan().CommonPrefixLength(b);
        return octets == a.Length ? octets * 8 : octets * 8 + byte.LeadingZeroCount((byte)(a[octets] ^ b[octets]));
    }
}
