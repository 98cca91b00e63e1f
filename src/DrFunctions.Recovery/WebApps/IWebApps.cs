using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.WebApps;

/// <summary>App Service sites, through Resource Manager.</summary>
/// <remarks>Methods throw <see cref="RecoveryException"/> when Resource Manager refuses or does not answer.</remarks>
public interface IWebApps
{
    /// <summary>The site's state: <c>Running</c> or <c>Stopped</c>; null when the site does not exist.</summary>
    Task<string?> ReadStateAsync(ResourceId site, CancellationToken cancellationToken);

    /// <summary>Starts the site. Idempotent; the caller reads the state to be sure.</summary>
    Task StartAsync(ResourceId site, CancellationToken cancellationToken);

    /// <summary>Stops the site. Idempotent; the caller reads the state to be sure.</summary>
    Task StopAsync(ResourceId site, CancellationToken cancellationToken);
}
