using DrFunctions.Simulator.Faults;

namespace DrFunctions.Simulator.Control;

/// <summary>What <c>GET /state</c> answers.</summary>
public sealed record SimulatorState
{
    /// <summary>The simulator's clock, UTC.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The seed that ids and weighted choices come from.</summary>
    public required long Seed { get; init; }

    /// <summary>The Resource Manager endpoint.</summary>
    public required Uri ResourceManager { get; init; }

    /// <summary>SHA-256 thumbprint of its certificate.</summary>
    public required string CertificateThumbprint { get; init; }

    /// <summary>Whether Resource Manager closes every connection without an answer.</summary>
    public required bool ResourceManagerDark { get; init; }

    /// <summary>The DNS responder, <c>address:port</c>.</summary>
    public required string Dns { get; init; }

    /// <summary>The port of the regional web endpoints.</summary>
    public required int WebPort { get; init; }

    /// <summary>The regions.</summary>
    public required IReadOnlyList<RegionState> Regions { get; init; }

    /// <summary>The web apps.</summary>
    public required IReadOnlyList<SiteState> Sites { get; init; }

    /// <summary>The key vaults.</summary>
    public IReadOnlyList<KeyVaultState> KeyVaults { get; init; } = [];

    /// <summary>The Traffic Manager profiles.</summary>
    public required IReadOnlyList<ProfileState> Profiles { get; init; }

    /// <summary>All resources that lie in resource groups, of every type.</summary>
    public required IReadOnlyList<ResourceState> Resources { get; init; }

    /// <summary>The faults in the order they were added.</summary>
    public required IReadOnlyList<FaultState> Faults { get; init; }

    /// <summary>How full the request log is.</summary>
    public required RequestCounts Requests { get; init; }
}

/// <summary>How full the request log is.</summary>
/// <param name="Kept">Requests that it holds.</param>
/// <param name="Capacity">How many it holds at most.</param>
/// <param name="Dropped">How many older ones it forgot since it began.</param>
public sealed record RequestCounts(int Kept, int Capacity, long Dropped);

/// <summary>A resource of any type.</summary>
/// <param name="Type">Its full type.</param>
/// <param name="Name">Its name.</param>
/// <param name="ResourceGroup">Its resource group.</param>
/// <param name="Location">Its region, or <c>global</c>.</param>
/// <param name="State">What it is doing, in a few words; null when its type has no such thing.</param>
public sealed record ResourceState(string Type, string Name, string ResourceGroup, string Location, string? State);

/// <summary>A region.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">The address of its web endpoints.</param>
/// <param name="Dark">Whether they are down.</param>
public sealed record RegionState(string Name, string Address, bool Dark);

/// <summary>A key vault.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Region">Its region.</param>
/// <param name="Address">Where it answers; its certificate is Resource Manager's.</param>
/// <param name="Keys">The names of its keys that are not deleted.</param>
public sealed record KeyVaultState(string Name, string Region, Uri Address, IReadOnlyList<string> Keys);

/// <summary>A web app.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ResourceGroup">Its resource group.</param>
/// <param name="Region">Its region.</param>
/// <param name="State">Running or Stopped.</param>
/// <param name="DefaultHostName">Its host name.</param>
public sealed record SiteState(string Name, string ResourceGroup, string Region, string State, string DefaultHostName);

/// <summary>A Traffic Manager profile.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ResourceGroup">Its resource group.</param>
/// <param name="Fqdn">Its DNS name.</param>
/// <param name="RoutingMethod">How it chooses.</param>
/// <param name="TtlInSeconds">Time to live of its DNS answers.</param>
/// <param name="MonitorStatus">Its monitor status, as Traffic Manager names it.</param>
/// <param name="Endpoints">Its endpoints.</param>
public sealed record ProfileState(
    string Name, string ResourceGroup, string Fqdn, string RoutingMethod, int TtlInSeconds, string MonitorStatus, IReadOnlyList<EndpointState> Endpoints);

/// <summary>An endpoint of a profile.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Target">The host name or address it leads to.</param>
/// <param name="Priority">Its priority.</param>
/// <param name="Enabled">Whether it takes part.</param>
/// <param name="MonitorStatus">Its monitor status, as Traffic Manager names it.</param>
/// <param name="Probes">Probes made since it was last checked anew.</param>
/// <param name="ConsecutiveFailures">Failed probes since the last success.</param>
/// <param name="LastProbe">What the last probe found, in words; null before the first.</param>
public sealed record EndpointState(
    string Name, string Target, int Priority, bool Enabled, string MonitorStatus, int Probes, int ConsecutiveFailures, string? LastProbe)
{
    /// <summary>Azure, External or Nested.</summary>
    public required string Type { get; init; }

    /// <summary>Its weight.</summary>
    public required int Weight { get; init; }

    /// <summary>The region it is in or near; null when nobody said.</summary>
    public string? Location { get; init; }

    /// <summary>The geography codes that are led to it.</summary>
    public required IReadOnlyList<string> GeoMapping { get; init; }

    /// <summary>The subnets that are led to it.</summary>
    public required IReadOnlyList<string> Subnets { get; init; }

    /// <summary>The profile that a nested endpoint leads to; null for the others.</summary>
    public ChildState? Child { get; init; }
}

/// <summary>A nested endpoint's child; its own state is among <see cref="SimulatorState.Profiles"/>.</summary>
/// <param name="ResourceGroup">Its resource group; null when it is gone.</param>
/// <param name="Name">Its name; null when it is gone.</param>
/// <param name="Online">How many of its endpoints are online.</param>
/// <param name="Checking">How many are checked for the first time.</param>
/// <param name="MinChildEndpoints">How many must be online.</param>
public sealed record ChildState(string? ResourceGroup, string? Name, int Online, int Checking, int MinChildEndpoints);
