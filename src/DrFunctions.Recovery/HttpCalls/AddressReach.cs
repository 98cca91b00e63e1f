using System.Net;
using System.Net.Sockets;

namespace DrFunctions.Recovery.HttpCalls;

/// <summary>From where an address can be reached.</summary>
public enum AddressReach
{
    /// <summary>From everywhere.</summary>
    Public,

    /// <summary>From this machine or network only.</summary>
    Private,

    /// <summary>
    /// It is nobody's, everybody's, or where a cloud hands out identities and configuration: never called, not even when a plan
    /// allows private addresses.
    /// </summary>
    Forbidden,
}

/// <summary>Tells reach from the address, by IANA's special-purpose registries (RFC 6890 and its updates). Pure.</summary>
public static class AddressReaches
{
    private static readonly IPNetwork[] Forbidden =
    [
        .. Networks("0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        .. Networks("168.63.129.16/32"), // Azure's own, in every virtual network.
        .. Networks("::/128", "fe80::/10", "ff00::/8", "100::/64", "2001:db8::/32", "fd00:ec2::254/128", "fec0::/10"),
    ];

    private static readonly IPNetwork[] Private =
    [
        .. Networks("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15"),
        .. Networks("::1/128", "fc00::/7"),
    ];

    private static readonly IPNetwork[] Global = [.. Networks("2000::/3")];

    // Addresses of version 4 inside of version 6, and where in its bytes they stand: NAT64 and 6to4.
    private static readonly (IPNetwork Network, int At)[] Carriers = [(IPNetwork.Parse("64:ff9b::/96"), 12), (IPNetwork.Parse("2002::/16"), 2)];

    // Teredo hides the address behind a server's, and nobody needs it.
    private static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");

    /// <summary>The reach of an address.</summary>
    public static AddressReach Of(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
        {
            return Of(address.MapToIPv4());
        }

        foreach (var (network, at) in Carriers)
        {
            if (network.Contains(address))
            {
                return Of(new IPAddress(address.GetAddressBytes().AsSpan(at, 4)));
            }
        }

        return Forbidden.Any(network => network.Contains(address)) || Teredo.Contains(address) ? AddressReach.Forbidden
            : Private.Any(network => network.Contains(address)) ? AddressReach.Private
            : address.AddressFamily == AddressFamily.InterNetwork || Global.Any(network => network.Contains(address)) ? AddressReach.Public
            : AddressReach.Forbidden;
    }

    private static IEnumerable<IPNetwork> Networks(params string[] texts) => texts.Select(text => IPNetwork.Parse(text));
}
