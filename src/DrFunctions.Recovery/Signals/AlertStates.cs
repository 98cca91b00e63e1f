using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Signals;

/// <summary>What alerts say now, made from their signals in whatever order these came. Pure.</summary>
public static class AlertStates
{
    /// <summary>How many alerts of one incident are told apart.</summary>
    public const int Most = 200;

    /// <summary>
    /// Adds signals to what is known. The newest signal of an alert counts, by its sender's time; of two at one time, the one that says
    /// that all is well. Beyond <see cref="Most"/> the oldest are forgotten, those that are well first.
    /// </summary>
    public static IReadOnlyList<AlertState> Fold(IEnumerable<AlertState> known, IEnumerable<Signal> signals)
    {
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(signals);
        var news = signals
            .Where(signal => signal.Condition is SignalCondition.Fired or SignalCondition.Resolved)
            .Select(signal => new AlertState(signal.Alert, signal.Condition == SignalCondition.Fired, signal.StatedAt, signal.Title)
            {
                IsTraffic = signal.Resources.Count > 0 && signal.Resources.All(IsTraffic),
            });
        return [.. known.Concat(news)
            .GroupBy(state => state.Alert, StringComparer.Ordinal)
            .Select(states => states.OrderByDescending(state => state.At).ThenBy(state => state.IsRed).ThenBy(state => state.Title, StringComparer.Ordinal).First())
            .OrderByDescending(state => state.IsRed)
            .ThenByDescending(state => state.At)
            .ThenBy(state => state.Alert, StringComparer.Ordinal)
            .Take(Most)];
    }

    /// <summary>Whether a resource is a Traffic Manager profile, or lies in one.</summary>
    public static bool IsTraffic(ResourceId resource) =>
        resource.Value.Contains("/providers/Microsoft.Network/trafficManagerProfiles/", StringComparison.OrdinalIgnoreCase);
}

/// <summary>What an alert said last.</summary>
/// <param name="Alert">What names it for its whole life.</param>
/// <param name="IsRed">Whether it fired and was not resolved.</param>
/// <param name="At">Since when.</param>
/// <param name="Title">A few words for people.</param>
public sealed record AlertState(string Alert, bool IsRed, DateTimeOffset At, string Title)
{
    /// <summary>Whether it speaks of Traffic Manager profiles alone: then it is what Traffic Manager's own monitor saw.</summary>
    public bool IsTraffic { get; init; }
}
