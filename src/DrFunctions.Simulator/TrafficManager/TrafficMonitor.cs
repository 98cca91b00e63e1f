using System.Collections.Immutable;
using System.Globalization;
using DrFunctions.Simulator.Sites;
using Microsoft.Extensions.Logging;

namespace DrFunctions.Simulator.TrafficManager;

/// <summary>Keeps one probing loop for every endpoint that is to be probed, and knows every monitor state. Thread safe.</summary>
internal sealed partial class TrafficMonitor : IAsyncDisposable
{
    private readonly ProfileStore _profiles;
    private readonly SiteStore _sites;
    private readonly ProbeExchange _probes;
    private readonly TimeProvider _time;
    private readonly ILogger<TrafficMonitor> _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Watch> _watches = [];
    private readonly List<Task> _ending = [];
    private bool _paused = true;
    private volatile bool _disposed;

    public TrafficMonitor(ProfileStore profiles, SiteStore sites, ProbeExchange probes, TimeProvider time, ILogger<TrafficMonitor> logger)
    {
        (_profiles, _sites, _probes, _time, _logger) = (profiles, sites, probes, time, logger);
        profiles.Changed += Reconcile;
        sites.Changed += Reconcile;
    }

    /// <summary>The monitor states of the profile's endpoints, in their order.</summary>
    public IReadOnlyList<EndpointMonitorStatus> StatusesOf(TrafficProfile profile) => StatusesOf(profile, _profiles.Snapshot);

    /// <summary>The same, with children as they are among <paramref name="all"/>.</summary>
    public IReadOnlyList<EndpointMonitorStatus> StatusesOf(TrafficProfile profile, ImmutableSortedDictionary<string, TrafficProfile> all)
    {
        var known = new Dictionary<string, ChildHealth>();
        return [.. profile.Endpoints.Select(endpoint => FindingOf(profile, endpoint, all, known).Status)];
    }

    /// <summary>The profile's endpoints, in their order: each status with just what it was derived from.</summary>
    public IReadOnlyList<EndpointFinding> FindingsOf(TrafficProfile profile)
    {
        var known = new Dictionary<string, ChildHealth>();
        return [.. profile.Endpoints.Select(endpoint => FindingOf(profile, endpoint, _profiles.Snapshot, known))];
    }

    private EndpointHealth HealthOf(TrafficProfile profile, TrafficEndpoint endpoint)
    {
        lock (_gate)
        {
            return _watches.TryGetValue(KeyOf(profile, endpoint), out var watch) && watch.Signature == SignatureOf(profile, endpoint)
                ? watch.Health
                : EndpointHealth.Unknown;
        }
    }

    /// <summary>Ends all probes; when the task is done none is under way, and none begins until <see cref="Resume"/>.</summary>
    public async Task PauseAsync()
    {
        Task[] ending;
        lock (_gate)
        {
            _paused = true;
            foreach (var key in _watches.Keys.ToList())
            {
                End(key);
            }

            ending = [.. _ending];
        }

        await Task.WhenAll(ending);
    }

    /// <summary>Checks every endpoint anew.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            _paused = _disposed;
        }

        Reconcile();
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        _profiles.Changed -= Reconcile;
        _sites.Changed -= Reconcile;
        await PauseAsync();
    }

    /// <summary>Starts and ends loops until they are those that the profiles ask for; an endpoint that is probed otherwise than before is checked anew.</summary>
    private void Reconcile()
    {
        lock (_gate)
        {
            if (_paused)
            {
                return;
            }

            _ending.RemoveAll(task => task.IsCompleted);
            var wanted = _profiles.All.Where(profile => profile.Enabled)
                .SelectMany(profile => profile.Endpoints.Select(endpoint => (Profile: profile, Endpoint: endpoint)))
                .Where(each => each.Endpoint is { Enabled: true, AlwaysServe: not true, ChildKey: null } && !IsStopped(each.Endpoint))
                .ToDictionary(each => KeyOf(each.Profile, each.Endpoint));
            foreach (var (key, watch) in _watches.ToList())
            {
                if (!wanted.TryGetValue(key, out var each) || SignatureOf(each.Profile, each.Endpoint) != watch.Signature)
                {
                    End(key);
                }
            }

            foreach (var (key, (profile, endpoint)) in wanted)
            {
                if (!_watches.ContainsKey(key))
                {
                    var watch = new Watch(SignatureOf(profile, endpoint));
                    watch.Loop = Task.Run(() => ProbeAsync(watch, profile, endpoint, watch.Stop.Token));
                    _watches.Add(key, watch);
                }
            }
        }
    }

    private void End(string key)
    {
        _watches.Remove(key, out var watch);
        watch!.Stop.Cancel(); // the key is in the dictionary
        _ending.Add(watch.Loop);
    }

    private async Task ProbeAsync(Watch watch, TrafficProfile profile, TrafficEndpoint endpoint, CancellationToken cancellationToken)
    {
        try
        {
            var headers = HeadersOf(profile, endpoint).ToList();
            while (true)
            {
                // The next probe is due an interval after this one began, however long it takes. Its timer runs before anybody can see
                // what this one finds, so that who saw it may move the clock.
                var due = Task.Delay(profile.Monitor.Interval, _time, cancellationToken);
                var outcome = await _probes.ProbeAsync(profile, endpoint, headers, cancellationToken);
                var before = watch.Health;
                watch.Health = before.After(outcome, profile.Monitor.ToleratedFailures);
                if (watch.Health.Verdict != before.Verdict)
                {
                    LogVerdict(profile.Name, endpoint.Name, watch.Health.Verdict == true ? "online" : "degraded", outcome.Text);
                }

                await due;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The endpoint is no longer probed, or no longer so.
        }
    }

    private EndpointFinding FindingOf(
        TrafficProfile profile, TrafficEndpoint endpoint, ImmutableSortedDictionary<string, TrafficProfile> all, Dictionary<string, ChildHealth> known)
    {
        var health = HealthOf(profile, endpoint);
        if (endpoint.ChildKey is null)
        {
            return new(MonitorStatus.OfEndpoint(profile.Enabled, endpoint, IsStopped(endpoint), health), health, null);
        }

        var child = ChildOf(endpoint, all, known);
        return new(MonitorStatus.OfNested(profile.Enabled, endpoint, child), health, child);
    }

    /// <summary><paramref name="known"/> holds the children met before: many ways may lead to one child.</summary>
    private ChildHealth ChildOf(TrafficEndpoint nested, ImmutableSortedDictionary<string, TrafficProfile> all, Dictionary<string, ChildHealth> known)
    {
        if (nested.ChildKey is not { } key || !all.TryGetValue(key, out var child))
        {
            return ChildHealth.Gone;
        }

        if (!known.TryGetValue(key, out var health))
        {
            var states = child.Endpoints.Select(endpoint => (Endpoint: endpoint, FindingOf(child, endpoint, all, known).Status)).ToList();
            var active = MonitorStatus.OfProfile(child.Enabled, [.. states.Select(each => each.Status)])
                is not (ProfileMonitorStatus.Disabled or ProfileMonitorStatus.Inactive);
            known[key] = health = new ChildHealth(
                active,
                Count(EndpointMonitorStatus.Online) + Count(EndpointMonitorStatus.Unmonitored),
                Count(EndpointMonitorStatus.CheckingEndpoint));

            EndpointCount Count(EndpointMonitorStatus status) => states.Where(each => each.Status == status)
                .Aggregate(default(EndpointCount), (sum, each) => sum + CountOf(each.Endpoint));
        }

        return health;

        EndpointCount CountOf(TrafficEndpoint endpoint)
        {
            var below = endpoint.ChildKey is null ? default : ChildOf(endpoint, all, known).Online;
            return new EndpointCount(
                1,
                endpoint.RecordType == RecordTypes.IPv4Address || below.IPv4 > 0 ? 1 : 0,
                endpoint.RecordType == RecordTypes.IPv6Address || below.IPv6 > 0 ? 1 : 0);
        }
    }

    private bool IsStopped(TrafficEndpoint endpoint) =>
        endpoint.Kind == EndpointKind.Azure
        && (!_sites.TryFindByHost(endpoint.Target, out var site) || site.Status == SiteStatus.Stopped);

    /// <summary>The endpoint's headers replace the profile's of the same name.</summary>
    private static IEnumerable<CustomHeader> HeadersOf(TrafficProfile profile, TrafficEndpoint endpoint) =>
        profile.Monitor.Headers.ExceptBy(endpoint.Headers.Select(header => header.Name), header => header.Name, StringComparer.OrdinalIgnoreCase)
            .Concat(endpoint.Headers);

    private static string KeyOf(TrafficProfile profile, TrafficEndpoint endpoint) => $"{profile.Key}/{endpoint.TypeSegment}/{endpoint.Name.ToUpperInvariant()}";

    private static string SignatureOf(TrafficProfile profile, TrafficEndpoint endpoint)
    {
        var monitor = profile.Monitor;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{endpoint.Target}|{monitor.Protocol}|{monitor.Port}|{monitor.Path}|{monitor.Interval}|{monitor.Timeout}|{monitor.ToleratedFailures}|{string.Join(';', HeadersOf(profile, endpoint))}|{string.Join(';', monitor.ExpectedStatus)}");
    }

    [LoggerMessage(EventId = 7201, Level = LogLevel.Information, Message = "Endpoint {Endpoint} of profile {Profile} is {Verdict}: {Probe}.")]
    private partial void LogVerdict(string profile, string endpoint, string verdict, string probe);

    private sealed class Watch(string signature)
    {
        private volatile EndpointHealth _health = EndpointHealth.Unknown;

        public string Signature { get; } = signature;

        public CancellationTokenSource Stop { get; } = new();

        public Task Loop { get; set; } = Task.CompletedTask;

        public EndpointHealth Health
        {
            get => _health;
            set => _health = value;
        }
    }
}
