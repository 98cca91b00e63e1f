namespace DrFunctions.Simulator.TrafficManager.Routing;

/// <summary>
/// Stands in for the Internet latency table of the service: round-trip times in milliseconds from where clients are to Azure's
/// regions, computed from the distance, unless the scenario says otherwise.
/// </summary>
/// <remarks>
/// 2 ms, and twice the great-circle distance times 1.4 (cables are no straight lines) at 200 km per millisecond (light in glass).
/// That gives 13 ms from the Netherlands to North Europe, 93 to East US and 149 to Southeast Asia.
/// </remarks>
internal sealed class LatencyTable(IEnumerable<ScenarioLatency> overrides)
{
    private const double FixedMilliseconds = 2;
    private const double MillisecondsPerKilometre = 2 * 1.4 / 200;

    private readonly Dictionary<(string Place, string Region), double> _overrides =
        overrides.ToDictionary(each => (each.From.ToUpperInvariant(), AzureRegions.Normalize(each.To)), each => each.Milliseconds);

    /// <summary>From a place to a region. Of the scenario's values the one for the smallest place around the client holds.</summary>
    /// <returns>Infinity when nobody knows where one of them is.</returns>
    public double Between(string place, string? region)
    {
        if (region is null)
        {
            return double.PositiveInfinity;
        }

        foreach (var around in Geography.Around(place))
        {
            if (_overrides.TryGetValue((around.ToUpperInvariant(), AzureRegions.Normalize(region)), out var milliseconds))
            {
                return milliseconds;
            }
        }

        return Geography.PositionOf(place) is { } from && AzureRegions.PositionOf(region) is { } to
            ? FixedMilliseconds + MillisecondsPerKilometre * from.KilometresTo(to)
            : double.PositiveInfinity;
    }
}
