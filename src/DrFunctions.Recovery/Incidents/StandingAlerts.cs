using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Incidents;

/// <summary>
/// Which alerts of a workload's last incident still count for the next one: those that fired, were not taken back, and that no run has
/// answered. Azure Monitor does not send an alert again that is still fired, so that an incident which led to nothing must not use its
/// alerts up. Pure.
/// </summary>
public static class StandingAlerts
{
    /// <summary>How long after it fired an alert stands at most: as long as its signal is kept, and Azure keeps the alert.</summary>
    public static TimeSpan Age => SignalRetention.Age;

    /// <summary>
    /// The alerts that stand, newest first. A run has answered those that an incident had when it moved the users away from the primary;
    /// not when it took that move back, and not when nobody knows whether they moved.
    /// </summary>
    /// <param name="last">The workload's newest incident; null when it has none.</param>
    /// <param name="state">Where the workload is.</param>
    /// <param name="now">Now.</param>
    public static IReadOnlyList<AlertState> Of(IncidentRecord? last, WorkloadState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return last is null || IsAnswered(last, state) ? []
            : [.. last.Alerts.Where(alert => alert.IsRed && alert.Alert != ProbeSignal.Alert && now - alert.At < Age)];
    }

    private static bool IsAnswered(IncidentRecord last, WorkloadState state)
    {
        if (last.OpenedIn is not { } before)
        {
            return true; // Nobody wrote down where users were.
        }

        var hadUsers = before.Active == RegionRole.Primary || before.IsShared;
        var wasTakenBack = state.RunId == last.RunId && (state.Active == RegionRole.Primary || state.IsShared);
        return hadUsers && state.Epoch > before.Epoch && !state.Arriving && !wasTakenBack;
    }
}

/// <summary>What a workload's last incident left behind.</summary>
/// <param name="Last">That incident; null when there is none.</param>
/// <param name="State">Where the workload is.</param>
/// <param name="Alerts">The alerts that stand, newest first.</param>
public sealed record IncidentRemains(IncidentRecord? Last, WorkloadState State, IReadOnlyList<AlertState> Alerts)
{
    /// <summary>Whether the last incident is open.</summary>
    public bool IsOpen => Last is { State: IncidentState.Open };
}
