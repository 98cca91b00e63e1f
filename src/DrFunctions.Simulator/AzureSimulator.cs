using System.Net;

namespace DrFunctions.Simulator;

/// <summary>A local Azure over the wire: Resource Manager, Traffic Manager with DNS and probes, and regional web endpoints.</summary>
/// <remarks>Thread safe. Disposing closes every listener and connection.</remarks>
public sealed class AzureSimulator : IAsyncDisposable
{
    /// <summary>Starts everything.</summary>
    /// <exception cref="ScenarioException">The scenario is not valid.</exception>
    /// <exception cref="SimulatorStartException">A port is in use or an address is not of this machine.</exception>
    public static Task<AzureSimulator> StartAsync(SimulatorOptions options, CancellationToken cancellationToken = default)
        => throw new NotSupportedException("The simulator cannot be started yet.");

    /// <summary>The Resource Manager endpoint, <c>https://127.0.0.1:{port}</c>.</summary>
    public Uri ResourceManager { get; } = null!; // set by StartAsync

    /// <summary>SHA-256 thumbprint in upper-case hex of the certificate that <see cref="ResourceManager"/> shows; the only reason to trust it.</summary>
    public string CertificateThumbprint { get; } = "";

    /// <summary>The DNS responder, UDP and TCP.</summary>
    public IPEndPoint Dns { get; } = null!; // set by StartAsync

    /// <summary>The port that every region's web endpoints listen on, at the region's address.</summary>
    public int WebPort { get; }

    /// <summary>The control API, plain HTTP; see <see cref="DrFunctions.Simulator.Control.SimulatorClient"/>.</summary>
    public Uri Control { get; } = null!; // set by StartAsync

    /// <summary>Takes a region's web endpoints down for real (connections are refused) or brings them back; idempotent.</summary>
    /// <exception cref="ArgumentException">The scenario has no such region.</exception>
    /// <exception cref="SimulatorStartException">Its port was taken by somebody else meanwhile.</exception>
    public Task SetRegionDarkAsync(string region, bool dark, CancellationToken cancellationToken = default)
        => throw new NotSupportedException("The simulator cannot be started yet.");

    /// <summary>Makes Resource Manager close every connection without an answer, or answer again; idempotent.</summary>
    public void SetResourceManagerDark(bool dark) => throw new NotSupportedException("The simulator cannot be started yet.");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
