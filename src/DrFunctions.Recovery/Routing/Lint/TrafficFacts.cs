using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Routing.Lint;

/// <summary>What the lint looks at.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Active">The role that carries the workload now.</param>
/// <param name="Profile">The plan's profile.</param>
/// <param name="Children">
/// The profiles that nested endpoints lead to, by id. One that could not be read is not there, which is unknown and not good.
/// </param>
public sealed record TrafficFacts(
    WorkloadPlan Plan, RegionRole Active, TrafficProfile Profile, IReadOnlyDictionary<ResourceId, TrafficProfile> Children)
{
    /// <summary>Whether users are in both regions.</summary>
    public bool IsShared { get; init; }

    /// <summary>The profile that an endpoint leads to; null when it is not nested or was not read.</summary>
    public TrafficProfile? ChildOf(TrafficEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return endpoint is { Kind: EndpointKind.Nested, Resource: { } id } ? Children.GetValueOrDefault(id) : null;
    }
}
