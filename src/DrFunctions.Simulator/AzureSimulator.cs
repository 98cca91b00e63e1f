using System.Net;
using DrFunctions.Simulator.Control;
using DrFunctions.Simulator.Determinism;
using DrFunctions.Simulator.Dns;
using DrFunctions.Simulator.Listening;
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
    private readonly FaultScript _faults = new();
    private readonly RequestLog _requests = new();
    private readonly RequestThrottle _throttle;
    private readonly ArmEndpoint _arm;
    private readonly SimulatedCloud _cloud;
    private readonly Stack<IAsyncDisposable> _listeners = new();

    private AzureSimulator(SimulatorOptions options)
    {
        _options = options;
        _loggers = options.LoggerFactory ?? NullLoggerFactory.Instance;
        _random = new SeededSource(options.Seed ?? options.Scenario.Seed);
        _cloud = new SimulatedCloud(options.Scenario, _faults, _random, options.TimeProvider, _loggers);
        _throttle = new RequestThrottle(options.Scenario, options.TimeProvider);
        _arm = new ArmEndpoint(
            options.Scenario, _cloud.Router, _throttle, _faults, _requests, _random, options.TimeProvider, _loggers.CreateLogger<ArmEndpoint>());
    }

    /// <summary>The Resource Manager endpoint, <c>https://127.0.0.1:{port}</c>.</summary>
    public Uri ResourceManager { get; private set; } = null!; // set by StartAsync

    /// <summary>SHA-256 thumbprint in upper-case hex of the certificate that <see cref="ResourceManager"/> shows; the only reason to trust it.</summary>
    public string CertificateThumbprint { get; private set; } = null!; // set by StartAsync

    /// <summary>The DNS responder, UDP and TCP.</summary>
    public IPEndPoint Dns { get; private set; } = null!; // set by StartAsync

    /// <summary>The port that every region's web endpoints listen on, at the region's address.</summary>
    public int WebPort => _cloud.WebPort;

    /// <summary>The control API, plain HTTP; see <see cref="SimulatorClient"/>.</summary>
    public Uri Control { get; private set; } = null!; // set by StartAsync

    SimulatorState ISimulatorControls.State => new()
    {
        ResourceManager = ResourceManager,
        CertificateThumbprint = CertificateThumbprint,
        ResourceManagerDark = _arm.Dark,
        Dns = Dns.ToString(),
        WebPort = WebPort,
        Regions = _cloud.RegionStates,
        Sites = _cloud.SiteStates,
        Profiles = _cloud.ProfileStates,
        Resources = _cloud.ResourceStates,
    };

    IReadOnlyList<LoggedRequest> ISimulatorControls.Requests => _requests.All;

    /// <summary>Starts everything.</summary>
    /// <exception cref="ScenarioException">The scenario is not valid.</exception>
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
    public void SetResourceManagerDark(bool dark) => _arm.Dark = dark;

    /// <summary>Scripts a fault of Resource Manager.</summary>
    /// <exception cref="ArgumentException">A member of the fault is out of range; the message names it.</exception>
    public void AddFault(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        _faults.Add(fault);
    }

    /// <summary>Puts sites, profiles and regions back to the scenario and forgets faults, darkness and logged requests.</summary>
    /// <exception cref="SimulatorStartException">A dark region's port was taken by somebody else meanwhile.</exception>
    public async Task ResetAsync(CancellationToken cancellationToken = default)
    {
        _faults.Clear();
        _requests.Clear();
        _random.Reset();
        _throttle.Reset();
        _arm.Dark = false;
        await _cloud.ResetAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_listeners.TryPop(out var listener))
        {
            await listener.DisposeAsync();
        }

        await _cloud.DisposeAsync();
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        var certificate = SelfSignedCertificate.Create(_options.TimeProvider.GetUtcNow());
        _listeners.Push(new Releasing(certificate));
        CertificateThumbprint = certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);
        await _cloud.StartAsync(_options.WebPort, cancellationToken);

        var dns = DnsServer.Start(_options.DnsPort, new DnsResponder(_cloud.Zones), _options.TimeProvider);
        _listeners.Push(dns);
        Dns = dns.EndPoint;

        var arm = await LoopbackServer.StartAsync(
            new IPEndPoint(IPAddress.Loopback, _options.ResourceManagerPort),
            "The Resource Manager endpoint",
            _arm.HandleAsync,
            _loggers,
            listen =>
            {
                // Dark means dark: not even a handshake.
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => connection => _arm.Dark ? Task.CompletedTask : next(connection));
                listen.UseHttps(certificate);
            },
            cancellationToken);
        _listeners.Push(arm);
        ResourceManager = new Uri($"https://127.0.0.1:{arm.Port}");

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
