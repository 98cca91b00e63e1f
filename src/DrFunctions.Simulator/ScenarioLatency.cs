namespace DrFunctions.Simulator;

/// <summary>The round-trip time from a place to a region, as Traffic Manager's performance routing sees it.</summary>
public sealed record ScenarioLatency
{
    /// <summary>A geography code, such as <c>DE</c> or <c>GEO-EU</c>; it also holds for the places inside, where none of them has its own.</summary>
    public required string From { get; init; }

    /// <summary>A region, such as <c>westeurope</c>.</summary>
    public required string To { get; init; }

    /// <summary>Milliseconds; not negative.</summary>
    public required double Milliseconds { get; init; }
}
