using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Signals;

internal static class Samples
{
    /// <summary>News that an alert fired or was resolved, at a second after the clock's start.</summary>
    public static SignalRecord Alert(string id, string alert, bool isRed, int second)
    {
        var at = MovableClock.Start + TimeSpan.FromSeconds(second);
        var record = Signal(id);
        return record with
        {
            Signal = record.Signal with { Alert = alert, Condition = isRed ? SignalCondition.Fired : SignalCondition.Resolved, OccurredAt = at, ReceivedAt = at },
            Disposition = isRed ? SignalDisposition.Correlated : SignalDisposition.Resolving,
        };
    }

    /// <summary>A fired alert about the workload <c>shop</c>, so many minutes after the clock's start.</summary>
    public static SignalRecord Signal(string id, int minutes = 0, string body = "{}") => new(
        1,
        new Signal(
            id,
            "Example.Alert",
            "",
            [ResourceId.Parse("/subscriptions/s/resourceGroups/shop/providers/Microsoft.Web/sites/shop")],
            SignalCondition.Fired,
            MovableClock.Start + TimeSpan.FromMinutes(minutes),
            MovableClock.Start + TimeSpan.FromMinutes(minutes),
            "site down"),
        "shop",
        SignalDisposition.Correlated,
        "the plan names the resource",
        body);
}
