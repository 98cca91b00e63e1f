using System.Net;
using System.Net.Sockets;
using DrFunctions.Simulator.AppServicePlans;
using DrFunctions.Simulator.Control;
using DrFunctions.Simulator.Deployments;
using DrFunctions.Simulator.Determinism;
using DrFunctions.Simulator.Dns;
using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.FlexibleServers;
using DrFunctions.Simulator.Listening;
using DrFunctions.Simulator.Operations;
using DrFunctions.Simulator.Requests;
using DrFunctions.Simulator.ResourceGroups;
using DrFunctions.Simulator.ResourceManagement;
using DrFunctions.Simulator.Sites;
using DrFunctions.Simulator.SqlFailoverGroups;
using DrFunctions.Simulator.StorageAccounts;
using DrFunctions.Simulator.TrafficManager;
using DrFunctions.Simulator.TrafficManager.Routing;
using DrFunctions.Simulator.Web;
using Microsoft.Extensions.Logging;

namespace DrFunctions.Simulator;

/// <summary>What the listeners show: sites, profiles and regions, and how they lead to each other.</summary>
internal sealed partial class SimulatedCloud : IAsyncDisposable
{
    private const int FreePortAttempts = 20;

    private readonly Scenario _scenario;
    private readonly FaultSchedule _faults;
    private readonly ILogger<SimulatedCloud> _logger;
    private readonly SiteStore _sites;
    private readonly ProfileStore _profiles = new();
    private readonly ProfileReader _reader;
    private readonly EndpointProber _prober;
    private readonly TrafficMonitor _monitor;
    private readonly SiteContent _content;
    private readonly IReadOnlyList<RegionEndpoint> _regions;
    private readonly RegionOutages _outages;
    private readonly OperationStore _operations;
    private readonly ResourceGroupStore _groups;
    private readonly IReadOnlyList<IResourceProvider> _providers;

    public SimulatedCloud(Scenario scenario, FaultSchedule faults, RequestLog requests, SeededSource random, TimeProvider time, ILoggerFactory loggers)
    {
        _scenario = scenario;
        _faults = faults;
        _logger = loggers.CreateLogger<SimulatedCloud>();
        var delay = new FaultDelay(time);
        _sites = new SiteStore(scenario, time);
        _prober = new EndpointProber(ResolveForProbe, time);
        _monitor = new TrafficMonitor(_profiles, _sites, new ProbeExchange(_prober, faults, delay, requests, time), time, loggers.CreateLogger<TrafficMonitor>());
        _content = new SiteContent(time);
        var (gate, recorder) = (new SiteGate(faults, delay), new RequestRecorder(requests, time));
        _regions = [.. scenario.Regions.Select(region => new RegionEndpoint(region, host => FindSite(host, region.Name), _content, faults, gate, recorder, loggers))];
        var endpoints = new EndpointReader(scenario, _sites);
        _reader = new ProfileReader(endpoints);
        _outages = new RegionOutages(faults, [.. scenario.Regions.Select(region => region.Name)], time);
        _operations = new OperationStore(scenario, new OperationFaults(faults), random, time, loggers.CreateLogger<OperationStore>());
        _groups = new ResourceGroupStore(scenario);
        var services = new ArmServices(scenario, _operations, _groups, _outages, random, time);
        var writer = new ProfileWriter(scenario.SubscriptionId);
        var latencies = new LatencyTable(scenario.Latencies);
        var view = new TrafficView(writer, latencies, time);
        var plans = new AppServicePlanStore(scenario);
        var sites = new SitesProvider(services, _sites, plans, TrafficManagerNamesOf);
        _providers =
        [
            // In the order of the reset: profiles lead to sites.
            new AppServicePlansProvider(services, plans, sites),
            sites,
            new TrafficManagerProvider(
                _profiles, _monitor, new ProfileApi(_profiles, _monitor, _reader, endpoints, writer), writer, view, new UserMetricsKey(random), ResetProfiles),
            new FlexibleServersProvider(services),
            new StorageAccountsProvider(services),
            new SqlProvider(services, random),
            new DeploymentsProvider(services, random, new DeployedResources(request => Router!.Route(request), () => _providers!)), // both are set before any request
        ];
        Router = new ArmRouter(services, _providers);
        Zones = new CloudZones(scenario, _sites, _profiles, new TrafficDirector(new TrafficRouting(latencies), _profiles, _monitor, random), view);
    }

    public ArmRouter Router { get; }

    public IDnsZones Zones { get; }

    public int WebPort { get; private set; }

    public IReadOnlyList<RegionState> RegionStates =>
        [.. _regions.Select(region => new RegionState(region.Name, region.Address.ToString(), region.Dark))];

    public IReadOnlyList<SiteState> SiteStates =>
        [.. _sites.All.Select(site => new SiteState(site.Name, site.ResourceGroup, site.Region, site.Status.ToString(), site.DefaultHostName))];

    public IReadOnlyList<ProfileState> ProfileStates => [.. _profiles.All.Select(StateOf)];

    public IReadOnlyList<ResourceState> ResourceStates
    {
        get
        {
            lock (_operations.Gate)
            {
                return [.. _providers.SelectMany(provider => provider.Resources)
                    .Select(each => new ResourceState(each.Type, each.Name, each.ResourceGroup, each.Location, each.State))
                    .OrderBy(each => (each.Type + "/" + each.Name), StringComparer.OrdinalIgnoreCase)];
            }
        }
    }

    /// <summary>Opens the regions' listeners, all on one port.</summary>
    public async Task StartAsync(int webPort, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                WebPort = webPort;
                foreach (var region in _regions)
                {
                    WebPort = await region.FollowAsync(WebPort, cancellationToken);
                }

                break;
            }
            catch (SimulatorStartException exception)
                when (webPort == 0 && attempt < FreePortAttempts && exception.InnerException is { } cause && ListenFailure.IsInUse(cause))
            {
                // The port that was free at one address is taken at another: choose again.
                foreach (var region in _regions)
                {
                    await region.CloseAsync();
                }
            }
        }

        _faults.Changed += OnFaultsChanged;
    }

    /// <summary>Takes a region down until it is lit again, or brings it back whatever fault had taken it down.</summary>
    /// <exception cref="ArgumentException">There is no such region.</exception>
    /// <exception cref="SimulatorStartException">Its port was taken by somebody else meanwhile.</exception>
    public async Task SetRegionDarkAsync(string name, bool dark, CancellationToken cancellationToken)
    {
        var region = _regions.FirstOrDefault(each => string.Equals(each.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"There is no region '{name}'; the scenario has {string.Join(", ", _regions.Select(each => each.Name))}.");
        if (dark)
        {
            _faults.Darken(FaultTarget.Region, region.Name);
        }
        else
        {
            _faults.Light(FaultTarget.Region, region.Name);
        }

        await region.FollowAsync(WebPort, cancellationToken);
    }

    /// <exception cref="ArgumentException">There is no such web app.</exception>
    public void SetSiteState(string name, SiteStatus state)
    {
        if (!_sites.TryFind(name, out var site))
        {
            throw new ArgumentException($"There is no web app '{name}'; there are {string.Join(", ", _sites.All.Select(each => each.Name))}.");
        }

        lock (_operations.Gate)
        {
            _sites.Update(site.Name, (existing, now) => (existing ?? site) with { Status = state, LastModified = now });
        }
    }

    /// <summary>Ends probes and opens the regions that are not dark; <see cref="BringUp"/> goes on.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        await _monitor.PauseAsync();
        foreach (var region in _regions)
        {
            await region.FollowAsync(WebPort, cancellationToken);
        }
    }

    /// <summary>Makes everything as the scenario says and begins to probe it.</summary>
    public void BringUp()
    {
        _outages.Reset();
        lock (_operations.Gate)
        {
            _operations.Reset();
            _groups.Reset();
            foreach (var provider in _providers)
            {
                provider.Reset();
            }
        }

        _monitor.Resume();
    }

    public async ValueTask DisposeAsync()
    {
        _operations.Dispose();
        _outages.Dispose();
        _faults.Changed -= OnFaultsChanged;
        await _monitor.DisposeAsync();
        foreach (var region in _regions)
        {
            await region.DisposeAsync();
        }

        _prober.Dispose();
        _content.Dispose();
    }

    private void OnFaultsChanged()
    {
        foreach (var region in _regions)
        {
            _ = FollowAsync(region);
        }
    }

    private async Task FollowAsync(RegionEndpoint region)
    {
        try
        {
            await region.FollowAsync(WebPort, CancellationToken.None);
        }
        catch (SimulatorStartException exception)
        {
            // Nobody asked and nobody waits: the log and the region's state say it.
            LogStaysDark(exception, region.Name);
        }
        catch (ObjectDisposedException)
        {
            // The simulator stops.
        }
    }

    private void ResetProfiles() =>
        _profiles.Reset(_scenario.TrafficManagerProfiles.Select(profile => ScenarioProfiles.Read(_scenario, profile, _reader)));

    private IPEndPoint? ResolveForProbe(string host, int port)
    {
        if (_sites.TryFindByHost(host, out var site))
        {
            if (_regions.FirstOrDefault(each => string.Equals(each.Name, site.Region, StringComparison.OrdinalIgnoreCase)) is not { } region)
            {
                return null;
            }

            // Refused from the very moment on, though the listener takes a while to close.
            return _faults.Take(new FaultQuery(FaultTarget.Region) { Name = region.Name, Dark = true }) is null
                ? new IPEndPoint(region.Address, WebPort)
                : throw new SocketException((int)SocketError.ConnectionRefused);
        }

        // The simulator never probes beyond this machine.
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? new IPEndPoint(IPAddress.Loopback, port)
            : IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address) ? new IPEndPoint(address, port)
            : null;
    }

    /// <summary>A site answers to its own name and to those of the profiles that lead to it.</summary>
    private Site? FindSite(string host, string region)
    {
        if (_sites.TryFindByHost(host, out var site))
        {
            return InRegion(site);
        }

        const string suffix = "." + TrafficProfile.Zone;
        return host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) && _profiles.TryFindByRelativeName(host[..^suffix.Length], out var profile)
            ? ProfileNesting.LeavesOf(profile, _profiles.Snapshot)
                .Select(endpoint => _sites.TryFindByHost(endpoint.Target, out var target) ? InRegion(target) : null)
                .FirstOrDefault(each => each is not null)
            : null;

        Site? InRegion(Site found) => string.Equals(found.Region, region, StringComparison.OrdinalIgnoreCase) ? found : null;
    }

    private IEnumerable<string> TrafficManagerNamesOf(Site site) => _profiles.All
        .Where(profile => profile.Endpoints.Any(endpoint => endpoint.Kind == EndpointKind.Azure
            && string.Equals(endpoint.Target, site.DefaultHostName, StringComparison.OrdinalIgnoreCase)))
        .Select(profile => profile.Fqdn);

    private ProfileState StateOf(TrafficProfile profile)
    {
        var findings = _monitor.FindingsOf(profile);
        return new ProfileState(
            profile.Name,
            profile.ResourceGroup,
            profile.Fqdn,
            profile.Routing.ToString(),
            profile.TtlInSeconds,
            MonitorStatus.OfProfile(profile.Enabled, [.. findings.Select(finding => finding.Status)]).ToString(),
            [.. profile.Endpoints.Zip(findings, StateOf)]);
    }

    private EndpointState StateOf(TrafficEndpoint endpoint, EndpointFinding finding)
    {
        var (status, health, child) = finding;
        return new EndpointState(
            endpoint.Name, endpoint.Target, endpoint.Priority, endpoint.Enabled, status.ToString(), health.Probes, health.ConsecutiveFailures, health.LastProbe)
        {
            Type = endpoint.Kind.ToString(),
            Weight = endpoint.Weight,
            Location = endpoint.Location,
            GeoMapping = endpoint.GeoMapping,
            Subnets = [.. endpoint.Subnets.Select(subnet => subnet.ToString())],
            Child = child is null ? null : StateOf(endpoint, child),
        };
    }

    private ChildState StateOf(TrafficEndpoint nested, ChildHealth health)
    {
        var child = nested.ChildKey is null ? null : _profiles.Snapshot.GetValueOrDefault(nested.ChildKey);
        return new ChildState(child?.ResourceGroup, child?.Name, health.Online.All, health.Checking.All, nested.MinChildEndpoints ?? 1);
    }

    [LoggerMessage(EventId = 7001, Level = LogLevel.Error, Message = "Region {Region} was to be lit and stays dark.")]
    private partial void LogStaysDark(Exception exception, string region);
}
