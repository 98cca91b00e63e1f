using System.Globalization;
using DrFunctions.Plans.Schedules;
using DrFunctions.Recovery.Evaluation;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.RestoreTests;

/// <summary>What the restore tests of a policy say of it. Pure.</summary>
internal static class RestoreTestRules
{
    private static readonly TimeSpan s_begins = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_ends = TimeSpan.FromDays(1);

    /// <summary>The restore test that should have begun, or ended, and did not; null when there is none.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="state">How far it is done; null before the first look at it.</param>
    /// <param name="now">Now.</param>
    public static DateTimeOffset? Overdue(RestoreTestPolicy schedule, RestoreTestState? state, DateTimeOffset now) => state switch
    {
        null => null,
        { Job: not null, ClosedAt: null } when now - state.Last > s_ends => state.Last,

        // The first one missed, not the newest: of an hourly test the newest is never old.
        { Job: null } or { ClosedAt: not null } when BackupSchedule.FirstAfter(schedule.Schedule, schedule.TimeZone, state.Last, now) is { } due && now - due > s_begins => due,
        _ => null,
    };

    /// <summary>The findings about one policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="state">How far its tests are; null before the first look at their schedule.</param>
    /// <param name="last">What the last one showed; null when there was none.</param>
    /// <param name="now">Now.</param>
    public static IEnumerable<Finding> Check(BackupPolicy policy, RestoreTestState? state, RestoreTestEvidence? last, DateTimeOffset now)
    {
        if (policy.RestoreTest is not { } schedule)
        {
            yield break;
        }

        var resource = $"backups.{policy.Name}";
        if (last is { } shown && !shown.IsIntact())
        {
            yield return new Finding(
                "DR-DATA-006", FindingSeverity.Unknown, resource, $"the evidence of the restore test {shown.Name} is not what was written",
                "evidence whose hash is its own", "Find out who changed it; the other region holds a copy.");
        }
        else if (last is { Verdict: RestoreTestVerdict.Failed })
        {
            yield return new Finding(
                "DR-DATA-005", FindingSeverity.Error, resource, $"the restore test {last.Name} failed: {last.Reason}",
                "restore points that restore bit for bit within the RTO", "Correct what the reason says; check the copy with 'dr backup check', and heal it from the other region's.");
        }
        else if (last is { Verdict: RestoreTestVerdict.Unknown })
        {
            yield return new Finding(
                "DR-DATA-006", FindingSeverity.Unknown, resource, $"the restore test {last.Name} could not be done: {last.Reason}",
                "a restore test that ends", "Correct what the reason says; it is tried again by itself.");
        }

        if (Overdue(schedule, state, now) is { } due)
        {
            yield return new Finding(
                "DR-DATA-007",
                FindingSeverity.Warning,
                resource,
                string.Create(CultureInfo.InvariantCulture, $"the restore test of {due:yyyy-MM-dd HH:mm}Z has not {(state?.ClosedAt is null && state?.Job is not null ? "ended" : "begun")}"),
                "a restore test that begins within an hour of its time and ends within a day",
                "Let the run end that has the workload, and look at the app's log.");
        }
    }
}
