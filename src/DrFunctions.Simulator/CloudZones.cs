using System.Net;
using System.Net.Sockets;
using DrFunctions.Simulator.Determinism;
using DrFunctions.Simulator.Dns;
using DrFunctions.Simulator.Sites;
using DrFunctions.Simulator.TrafficManager;
using Microsoft.Extensions.Logging;

namespace DrFunctions.Simulator;

/// <summary>The names of the simulated cloud: web apps under azurewebsites.net, profiles under trafficmanager.net, nothing else.</summary>
internal sealed partial class CloudZones(
    Scenario scenario, SiteStore sites, ProfileStore profiles, TrafficMonitor monitor, SeededSource random, ILogger<CloudZones> logger) : IDnsZones
{
    private const uint AddressTtl = 30;
    private const int MaxChain = 8;
    private static readonly DnsName SiteZone = DnsName.FromLabels(Site.Zone.Split('.'));
    private static readonly DnsName TrafficZone = DnsName.FromLabels(TrafficProfile.Zone.Split('.'));
    private readonly List<(IPNetwork Network, string Location)> _clients =
        [.. scenario.ClientNetworks.Select(each => (IPNetwork.Parse(each.Subnet), each.Location)).OrderByDescending(each => each.Item1.PrefixLength)];

    public DnsAnswer Answer(DnsQuestion question, DnsClientSubnet? client)
    {
        var records = new List<DnsRecord>();
        var (place, scope) = Locate(client);
        var name = question.Name;
        for (var step = 0; step < MaxChain; step++)
        {
            var host = name.ToString();
            if (sites.TryFindByHost(host, out var site))
            {
                if (question.Type is DnsType.A or DnsType.Any && AddressOf(site) is { } address)
                {
                    records.Add(new DnsRecord.A(name, AddressTtl, address));
                }

                return new DnsAnswer(DnsCode.NoError, records, SiteZone, scope);
            }

            const string suffix = "." + TrafficProfile.Zone;
            if (!host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)
                || !profiles.TryFindByRelativeName(host[..^suffix.Length], out var profile) || !profile.Enabled)
            {
                // What an external endpoint leads to is not ours to answer; the first name must be.
                return step > 0
                    ? new DnsAnswer(DnsCode.NoError, records, null, scope)
                    : new DnsAnswer(DnsCode.NameError, [], ZoneOf(name), scope);
            }

            TrafficEndpoint? endpoint;
            try
            {
                endpoint = TrafficRouting.Choose(profile, monitor.StatusesOf(profile), place, (long)(random.Next("dns/" + profile.RelativeName) >> 1));
            }
            catch (NotSupportedException exception)
            {
                LogNotRouted(profile.Name, exception.Message);
                return new DnsAnswer(DnsCode.ServerFailure, [], null);
            }

            if (endpoint is null)
            {
                return new DnsAnswer(DnsCode.NoError, records, TrafficZone, scope);
            }

            var ttl = (uint)profile.TtlInSeconds;
            if (IPAddress.TryParse(endpoint.Target, out var literal))
            {
                if (literal.AddressFamily == AddressFamily.InterNetwork && question.Type is DnsType.A or DnsType.Any)
                {
                    records.Add(new DnsRecord.A(name, ttl, literal));
                }

                return new DnsAnswer(DnsCode.NoError, records, TrafficZone, scope);
            }

            if (!DnsName.TryParse(endpoint.Target, out var target))
            {
                throw new InvalidOperationException($"The target '{endpoint.Target}' was accepted and is no domain name.");
            }

            records.Add(new DnsRecord.CName(name, ttl, target));
            if (question.Type == DnsType.CName)
            {
                return new DnsAnswer(DnsCode.NoError, records, TrafficZone, scope);
            }

            name = target;
        }

        return new DnsAnswer(DnsCode.ServerFailure, [], null);
    }

    private IPAddress? AddressOf(Site site) =>
        scenario.Regions.FirstOrDefault(region => string.Equals(region.Name, site.Region, StringComparison.OrdinalIgnoreCase)) is { } region
            ? IPAddress.Parse(region.Address)
            : null;

    private (string Place, byte Scope) Locate(DnsClientSubnet? client)
    {
        var match = client is null ? default : _clients.FirstOrDefault(each => each.Network.PrefixLength <= client.SourcePrefix && each.Network.Contains(client.Network));
        return match.Location is null ? (scenario.ClientLocation, (byte)0) : (match.Location, (byte)match.Network.PrefixLength);
    }

    private static DnsName? ZoneOf(DnsName name) =>
        name.Labels.Count < 2 ? null
        : DnsName.FromLabels(name.Labels.TakeLast(2)) is var zone && zone.Equals(SiteZone) ? SiteZone
        : zone.Equals(TrafficZone) ? TrafficZone
        : null;

    [LoggerMessage(EventId = 7401, Level = LogLevel.Warning, Message = "Profile {Profile} is answered with SERVFAIL: {Reason}")]
    private partial void LogNotRouted(string profile, string reason);
}
