using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Routing;

/// <summary>Traffic Manager profiles. Synchronous at the service; without ETags, so callers hold the workload's lock.</summary>
/// <remarks>Methods throw <see cref="RecoveryException"/> when Resource Manager refuses or does not answer.</remarks>
public interface ITrafficManager
{
    /// <summary>Reads a profile with its endpoints and their monitor states.</summary>
    Task<TrafficProfile> ReadAsync(ResourceId profile, CancellationToken cancellationToken);

    /// <summary>
    /// Writes the routing method and the settings of all endpoints in one request, keeping everything else of the profile as it is.
    /// Does nothing when the profile has them already. Refused when the profile is not as it was seen any more: the service has no
    /// ETags, so it is read again a moment before the write.
    /// </summary>
    /// <param name="seen">The profile that the settings were decided on.</param>
    /// <param name="wanted">Every endpoint once.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="RecoveryException"><c>ProfileChanged</c>, transient: read it, and decide anew.</exception>
    Task WriteAsync(TrafficProfile seen, RoutingSettings wanted, CancellationToken cancellationToken);
}
