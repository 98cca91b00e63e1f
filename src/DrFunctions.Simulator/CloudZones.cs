using System.Net;
using DrFunctions.Simulator.Dns;
using DrFunctions.Simulator.Sites;
using DrFunctions.Simulator.TrafficManager;
using DrFunctions.Simulator.TrafficManager.Routing;

namespace DrFunctions.Simulator;

/// <summary>The names of the simulated cloud: web apps under azurewebsites.net, profiles under trafficmanager.net, nothing else.</summary>
internal sealed class CloudZones(Scenario scenario, SiteStore sites, ProfileStore profiles, TrafficDirector director, TrafficView view) : IDnsZones
{
    private const uint AddressTtl = 30;
    private const int MaxChain = 8;
    private static readonly DnsName SiteZone = DnsName.FromLabels(Site.Zone.Split('.'));
    private static readonly DnsName TrafficZone = DnsName.FromLabels(TrafficProfile.Zone.Split('.'));
    private readonly ClientMap _clients = new(scenario);

    public DnsAnswer Answer(DnsQuestion question, DnsClientSubnet client)
    {
        var answer = new DnsAnswer(DnsCode.NoError, [], null);
        var located = _clients.Locate(client);
        var name = question.Name;
        for (var step = 0; step < MaxChain; step++)
        {
            var zone = ZoneOf(name);
            if (zone is { } apex && name.Equals(apex))
            {
                return AnswerApex(answer, name, question.Type);
            }

            var host = name.ToString();
            if (sites.TryFindByHost(host, out var site))
            {
                return With(answer, question.Type, zone, AddressOf(site) is { } address ? [new DnsRecord.A(name, AddressTtl, address)] : []);
            }

            if (FindProfile(host) is not { } profile)
            {
                return Unknown(answer, name, question.Type, zone, isFirst: step == 0);
            }

            var direction = director.Direct(profile, located, WantedBy(question.Type));
            view.Record(profile, located, direction);
            answer = answer with { ScopePrefix = Math.Max(answer.ScopePrefix, _clients.ScopeOf(client, direction)) };
            var ttl = (uint)profile.TtlInSeconds;
            if (direction.Endpoints is not [{ RecordType: RecordTypes.DomainName } endpoint])
            {
                return With(answer, question.Type, zone, [.. direction.Endpoints.Select(each => AddressRecord(name, ttl, IPAddress.Parse(each.Target)))]);
            }

            if (!DnsName.TryParse(endpoint.Target, out var target))
            {
                throw new InvalidOperationException($"The target '{endpoint.Target}' was accepted and is no domain name.");
            }

            answer = answer with { Records = [.. answer.Records, new DnsRecord.CName(name, ttl, target)] };
            if (question.Type == DnsType.CName)
            {
                return answer;
            }

            name = target;
        }

        return new DnsAnswer(DnsCode.ServerFailure, [], null);
    }

    /// <summary>A profile without an enabled endpoint has no name, as a disabled one.</summary>
    private TrafficProfile? FindProfile(string host)
    {
        const string suffix = "." + TrafficProfile.Zone;
        return host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)
            && profiles.TryFindByRelativeName(host[..^suffix.Length], out var profile)
            && profile.Enabled && profile.Endpoints.Any(endpoint => endpoint.Enabled)
            ? profile
            : null;
    }

    /// <summary>Whether the name has no records and there are names below it: relative names may have dots.</summary>
    private bool IsAbove(string host) => profiles.All.Any(profile => profile.Fqdn.EndsWith("." + host, StringComparison.OrdinalIgnoreCase));

    /// <summary>The answer about a name that neither a site nor a profile has.</summary>
    private DnsAnswer Unknown(DnsAnswer answer, DnsName name, DnsType wanted, DnsName? zone, bool isFirst)
    {
        if (zone is not { } within)
        {
            // What is outside our zones, or above them, is not ours to deny; an alias that leads there is an answer.
            return isFirst ? answer with { Code = DnsCode.Refused } : answer;
        }

        return name.Equals(ServerOf(within)) ? With(answer, wanted, zone, [new DnsRecord.A(name, AddressTtl, IPAddress.Loopback)])
            : IsAbove(name.ToString()) ? answer with { Zone = zone }
            : answer with { Code = DnsCode.NameError, Zone = zone };
    }

    private static DnsName ServerOf(DnsName zone) => DnsName.FromLabels(["ns1", .. zone.Labels]);

    private static DnsAnswer AnswerApex(DnsAnswer answer, DnsName name, DnsType type)
    {
        IReadOnlyList<DnsRecord> records =
        [
            .. type is DnsType.Soa or DnsType.Any ? [new DnsRecord.Soa(name, DnsResponder.NegativeTtl)] : Array.Empty<DnsRecord>(),
            .. type is DnsType.Ns or DnsType.Any ? [new DnsRecord.Ns(name, DnsResponder.NegativeTtl, ServerOf(name))] : Array.Empty<DnsRecord>(),
        ];
        return records.Count > 0 ? answer with { Records = [.. answer.Records, .. records] } : answer with { Zone = name };
    }

    /// <summary>Adds the records of the wanted type; without any the zone says that there are none.</summary>
    private static DnsAnswer With(DnsAnswer answer, DnsType wanted, DnsName? zone, IReadOnlyList<DnsRecord> records)
    {
        var matching = records.Where(record => wanted == DnsType.Any || record switch
        {
            DnsRecord.A => wanted == DnsType.A,
            DnsRecord.Aaaa => wanted == DnsType.Aaaa,
            _ => false,
        }).ToList();
        return matching.Count > 0 ? answer with { Records = [.. answer.Records, .. matching] } : answer with { Zone = zone };
    }

    private static DnsRecord AddressRecord(DnsName name, uint ttl, IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? new DnsRecord.A(name, ttl, address) : new DnsRecord.Aaaa(name, ttl, address);

    private static RecordTypes WantedBy(DnsType type) => type switch
    {
        DnsType.A => RecordTypes.IPv4Address,
        DnsType.Aaaa => RecordTypes.IPv6Address,
        DnsType.Any => RecordTypes.Any,
        _ => RecordTypes.DomainName,
    };

    private IPAddress? AddressOf(Site site) =>
        scenario.Regions.FirstOrDefault(region => string.Equals(region.Name, site.Region, StringComparison.OrdinalIgnoreCase)) is { } region
            ? IPAddress.Parse(region.Address)
            : null;

    private static DnsName? ZoneOf(DnsName name) =>
        name.Labels.Count < 2 ? null
        : DnsName.FromLabels(name.Labels.TakeLast(2)) is var zone && zone.Equals(SiteZone) ? SiteZone
        : zone.Equals(TrafficZone) ? TrafficZone
        : null;
}
