using System.Globalization;
using DrFunctions.Plans.Schedules;
using DrFunctions.Recovery.Drills;
using DrFunctions.Recovery.Evaluation;

namespace DrFunctions.App.Drills;

/// <summary>Drills that should have begun and did not: their days are blocked, or another run, perhaps the drill before, has the workload.</summary>
internal sealed class OverdueDrillCheck(DrillLog drills) : IPlanCheck
{
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    public string Subject => "the drills that are due";

    public async Task<IReadOnlyList<Finding>> CheckAsync(EvaluatedPlan plan, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        foreach (var policy in plan.Plan.Drills)
        {
            // The first one missed, not the newest: of an hourly drill the newest is never old.
            if (await drills.FindAsync(plan.Plan.Workload, policy.Runbook, cancellationToken) is { Value: var last }
                && BackupSchedule.FirstAfter(policy.Schedule, policy.TimeZone, last.Occurrence, plan.Now) is { } due
                && plan.Now - due > Grace)
            {
                findings.Add(Finding(policy, last, due, plan.Now));
            }
        }

        return findings;
    }

    private static Finding Finding(DrillPolicy policy, DrillRecord last, DateTimeOffset due, DateTimeOffset now) => new(
        "DR-DRILL-004",
        FindingSeverity.Warning,
        $"drills.{policy.Runbook}",
        string.Create(CultureInfo.InvariantCulture, $"the drill of {due:yyyy-MM-dd HH:mm}Z has not begun")
            + (last.State == DrillState.Running ? $": the one before it, {last.RunId}, has not ended"
                : policy.BlockingAt(now) is { } days
                    ? string.Create(CultureInfo.InvariantCulture, $": {days.From:yyyy-MM-dd} to {days.Until:yyyy-MM-dd} are blocked")
                : ""),
        "a drill within an hour of its time",
        "Start it by hand, or let the run end that has the workload.");
}
