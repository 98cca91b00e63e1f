using System.Net;
using DrFunctions.Simulator.Control;
using DrFunctions.Simulator.Determinism;
using DrFunctions.Simulator.Dns;
using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.KeyVaults;
using DrFunctions.Simulator.Listening;
using DrFunctions.Simulator.Requests;
using DrFunctions.Simulator.ResourceManagement;
using DrFunctions.Simulator.Throttling;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DrFunctions.Simulator;

/// <summary>A local Azure over the wire: Resource Manager, Traffic Manager with DNS and probes, and regional web endpoints.</summary>
/// <remarks>Thread safe. Disposing closes every listener and connection.</remarks>
public sealed class AzureSimulator : IAsyncDisposable, ISimulatorControls
{
    private readonly SimulatorOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly SeededSource _random;
    private readonly FaultSchedule _faults;
    private readonly RequestLog _requests = new();
    private readonly RequestRecorder _recorder;
    private readonly RequestThrottle _throttle;
    private readonly ArmGate _arm;
    private readonly DnsExchange _dns;
    private readonly SimulatedCloud _cloud;
    private readonly IReadOnlyList<VaultEndpoint> _vaults;
    private readonly Stack<IAsyncDisposable> _listeners = new();
    private readonly SemaphoreSlim _reset = new(1);

    private AzureSimulator(SimulatorOptions options)
    {
        _options = options;
        _loggers = options.LoggerFactory ?? NullLoggerFactory.Instance;
        var time = options.TimeProvider;
        _random = new SeededSource(Seed);
        _faults = new FaultSchedule(time, [.. options.Scenario.Regions.Select(region => region.Name)]);
        _recorder = new RequestRecorder(_requests, time);
        _cloud = new SimulatedCloud(options.Scenario, _faults, _requests, _random, time, _loggers);
        _throttle = new RequestThrottle(options.Scenario, time);
        _vaults = [.. options.Scenario.KeyVaults.Select(vault => new VaultEndpoint(vault, options.Scenario, _faults, time))];
        var arm = new ArmEndpoint(options.Scenario, _cloud.Router, _throttle, _random, time, _loggers.CreateLogger<ArmEndpoint>());
        var delay = new FaultDelay(time);
        _arm = new ArmGate(options.Scenario, arm, _faults, delay);
        _dns = new DnsExchange(_cloud.Zones, _faults, delay, _requests, time);
    }

    /// <summary>The Resource Manager endpoint, <c>https://127.0.0.1:{port}</c>.</summary>
    public Uri ResourceManager { get; private set; } = null!; // set by StartAsync

    /// <summary>SHA-256 thumbprint in upper-case hex of the certificate that <see cref="ResourceManager"/> shows; the only reason to trust it.</summary>
    public string CertificateThumbprint { get; private set; } = null!; // set by StartAsync

    /// <summary>The vaults' addresses by name, <c>https://{address of the region}:{port}</c>; they show the same certificate.</summary>
    public IReadOnlyDictionary<string, Uri> KeyVaults => _vaults.ToDictionary(vault => vault.Name, vault => vault.Address, StringComparer.OrdinalIgnoreCase);

    /// <summary>The DNS responder, UDP and TCP.</summary>
    public IPEndPoint Dns { get; private set; } = null!; // set by StartAsync

    /// <summary>The port that every region's web endpoints listen on, at the region's address.</summary>
    public int WebPort => _cloud.WebPort;

    /// <summary>The control API, plain HTTP; see <see cref="SimulatorClient"/>.</summary>
    public Uri Control { get; private set; } = null!; // set by StartAsync

    SimulatorState ISimulatorControls.State => new()
    {
        Now = _options.TimeProvider.GetUtcNow(),
        Seed = Seed,
        ResourceManager = ResourceManager,
        CertificateThumbprint = CertificateThumbprint,
        ResourceManagerDark = _faults.IsDark(FaultTarget.ResourceManager),
        Dns = Dns.ToString(),
        WebPort = WebPort,
        Regions = _cloud.RegionStates,
        Sites = _cloud.SiteStates,
        KeyVaults = [.. _vaults.Select(vault => vault.State)],
        Profiles = _cloud.ProfileStates,
        Resources = _cloud.ResourceStates,
        Faults = _faults.States,
        Requests = new RequestCounts(_requests.Counts.Kept, RequestLog.Capacity, _requests.Counts.Dropped),
    };

    IReadOnlyList<FaultState> ISimulatorControls.Faults => _faults.States;

    private long Seed => _options.Seed ?? _options.Scenario.Seed;

    /// <summary>Starts everything.</summary>
    /// <exception cref="ScenarioException">The scenario is not valid.</exception>
    /// <exception cref="FaultException">A fault is not valid.</exception>
    /// <exception cref="SimulatorStartException">A port is in use or an address is not of this machine.</exception>
    public static async Task<AzureSimulator> StartAsync(SimulatorOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Scenario.Validate();
        var simulator = new AzureSimulator(options);
        try
        {
            await simulator.ListenAsync(cancellationToken);
            return simulator;
        }
        catch
        {
            await simulator.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes a region's web endpoints down for real (connections are refused) or brings them back; idempotent.</summary>
    /// <exception cref="ArgumentException">The scenario has no such region.</exception>
    /// <exception cref="SimulatorStartException">Its port was taken by somebody else meanwhile.</exception>
    public Task SetRegionDarkAsync(string region, bool dark, CancellationToken cancellationToken = default) =>
        _cloud.SetRegionDarkAsync(region, dark, cancellationToken);

    /// <summary>Makes Resource Manager close every connection without an answer, or answer again; idempotent.</summary>
    public void SetResourceManagerDark(bool dark)
    {
        if (dark)
        {
            _faults.Darken(FaultTarget.ResourceManager);
        }
        else
        {
            _faults.Light(FaultTarget.ResourceManager);
        }
    }

    /// <summary>Starts or stops a web app, as Resource Manager would; idempotent.</summary>
    /// <exception cref="ArgumentException">There is no such web app.</exception>
    public void SetSiteState(string site, SiteStatus state) => _cloud.SetSiteState(site, state);

    /// <summary>Scripts faults, all or none; their times count from now.</summary>
    /// <returns>Their ids.</returns>
    /// <exception cref="FaultException">One is not valid; every mistake is named.</exception>
    public IReadOnlyList<string> AddFaults(params IReadOnlyList<Fault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        return _faults.Add(faults);
    }

    /// <summary>Ends a fault and forgets it.</summary>
    /// <returns>False when there is no such fault.</returns>
    public bool RemoveFault(string id) => _faults.Remove(id);

    /// <summary>Reads the request log.</summary>
    /// <exception cref="ArgumentException">The filter is not valid.</exception>
    public RequestPage ReadRequests(RequestFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return _requests.Read(filter);
    }

    /// <summary>Reads the request log once it has at least <paramref name="count"/> such requests.</summary>
    /// <exception cref="ArgumentException">The filter is not valid.</exception>
    public Task<RequestPage> ReadRequestsAsync(RequestFilter filter, int count, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return _requests.ReadAsync(filter, count, cancellationToken);
    }

    /// <summary>Puts sites, profiles and regions back to the scenario, forgets faults and logged requests and begins the start's fault script anew.</summary>
    /// <exception cref="SimulatorStartException">A dark region's port was taken by somebody else meanwhile.</exception>
    public async Task ResetAsync(CancellationToken cancellationToken = default)
    {
        await _reset.WaitAsync(cancellationToken);
        try
        {
            await ResetAloneAsync(cancellationToken);
        }
        finally
        {
            _reset.Release();
        }
    }

    private async Task ResetAloneAsync(CancellationToken cancellationToken)
    {
        _faults.Clear();
        _dns.Forget();
        _random.Reset();
        _throttle.Reset();
        foreach (var vault in _vaults)
        {
            vault.Reset();
        }

        try
        {
            await _cloud.ClearAsync(cancellationToken);
            _requests.Clear();
            _faults.Add(_options.Faults);
        }
        finally
        {
            _cloud.BringUp();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_listeners.TryPop(out var listener))
        {
            await listener.DisposeAsync();
        }

        await _cloud.DisposeAsync();
        _faults.Dispose();
        _reset.Dispose();
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        var certificate = SelfSignedCertificate.Create(_options.TimeProvider.GetUtcNow());
        _listeners.Push(new Releasing(certificate));
        CertificateThumbprint = certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);
        await _cloud.StartAsync(_options.WebPort, cancellationToken);
        _faults.Add(_options.Faults); // before the first probe
        _cloud.BringUp();

        var dns = DnsServer.Start(_options.DnsPort, _dns, _options.TimeProvider);
        _listeners.Push(dns);
        Dns = dns.EndPoint;

        var arm = await LoopbackServer.StartAsync(
            new IPEndPoint(IPAddress.Loopback, _options.ResourceManagerPort),
            "The Resource Manager endpoint",
            _recorder.Around("resource-manager", false, _arm.HandleAsync),
            _loggers,
            listen =>
            {
                // Dark means dark: not even a handshake.
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => connection => _arm.MeetsDarkness() ? Task.CompletedTask : next(connection));
                listen.UseHttps(certificate);
            },
            cancellationToken);
        _listeners.Push(arm);
        ResourceManager = new Uri($"https://127.0.0.1:{arm.Port}");

        foreach (var vault in _vaults)
        {
            _listeners.Push(vault);
            await vault.StartAsync(certificate, _recorder, _loggers, cancellationToken);
        }

        var control = await LoopbackServer.StartAsync(
            new IPEndPoint(IPAddress.Loopback, _options.ControlPort),
            "The control API",
            new ControlEndpoint(this).HandleAsync,
            _loggers,
            null,
            cancellationToken);
        _listeners.Push(control);
        Control = new Uri($"http://127.0.0.1:{control.Port}");
    }

    private sealed class Releasing(IDisposable resource) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            resource.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
