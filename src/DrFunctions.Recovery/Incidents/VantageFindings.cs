using DrFunctions.Recovery.Probes;

namespace DrFunctions.Recovery.Incidents;

/// <summary>What others' words mean as a vantage's finding, the same at a look and in the samples. Pure.</summary>
internal static class VantageFindings
{
    /// <summary>A probe's.</summary>
    public static VantageFinding Of(ProbeFinding finding) => finding switch
    {
        ProbeFinding.Dead => VantageFinding.Red,
        ProbeFinding.Healthy => VantageFinding.Green,
        _ => VantageFinding.Unknown,
    };

    /// <summary>The monitor state of an endpoint of Traffic Manager.</summary>
    public static VantageFinding OfMonitor(string? status) => status?.ToUpperInvariant() switch
    {
        "DEGRADED" => VantageFinding.Red,
        "ONLINE" => VantageFinding.Green,

        // Disabled and Stopped are somebody's doing, CheckingEndpoint and Unmonitored say nothing.
        _ => VantageFinding.Unknown,
    };
}
