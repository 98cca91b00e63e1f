namespace DrFunctions.Recovery.Workloads;

/// <summary>A profile that a step writes, with the endpoints of the two regions in it.</summary>
/// <param name="Profile">The Traffic Manager profile.</param>
/// <param name="PrimaryEndpoint">Name of its endpoint for the primary region.</param>
/// <param name="SecondaryEndpoint">Name of its endpoint for the secondary region.</param>
public sealed record TrafficRoute(ResourceId Profile, string PrimaryEndpoint, string SecondaryEndpoint)
{
    /// <summary>The endpoint of a role.</summary>
    public string EndpointOf(RegionRole role) => role == RegionRole.Primary ? PrimaryEndpoint : SecondaryEndpoint;
}

/// <summary>A profile that an endpoint of the plan's profile leads to, with endpoints in both regions.</summary>
/// <param name="Name">Name in the plan.</param>
/// <param name="Route">The profile and its endpoints.</param>
public sealed record NestedProfile(string Name, TrafficRoute Route);
