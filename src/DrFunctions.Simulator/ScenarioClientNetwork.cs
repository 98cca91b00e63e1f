namespace DrFunctions.Simulator;

/// <summary>Where the DNS clients of one network are.</summary>
public sealed record ScenarioClientNetwork
{
    /// <summary>The network in CIDR notation, such as <c>203.0.113.0/24</c>; the longest match wins.</summary>
    public required string Subnet { get; init; }

    /// <summary>A Traffic Manager geography code, such as <c>DE</c> or <c>GEO-EU</c>.</summary>
    public required string Location { get; init; }
}
