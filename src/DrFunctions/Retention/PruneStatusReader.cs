using System.Globalization;
using DrFunctions.Plans.Schedules;
using DrFunctions.Recovery.Backups;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.Retention;

/// <summary>Says how old restore points are removed, by what is recorded.</summary>
public sealed class PruneStatusReader(PruneLog log, TimeProvider time)
{
    private static readonly TimeSpan s_late = TimeSpan.FromDays(1);

    /// <summary>Reads it.</summary>
    public async Task<PruneStatus> ReadAsync(WorkloadPlan plan, BackupPolicy policy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.Retention is not { } rules || RepositoryPair.Of(plan) is not { } pair)
        {
            return new PruneStatus(ObjectiveVerdict.Unknown, "the policy has no retention: every restore point is kept", []);
        }

        var state = await log.FindStateAsync(pair, cancellationToken);
        var last = await log.FindLastAsync(pair, cancellationToken);
        var (verdict, detail) = Judge(rules, state?.Value, last, time.GetUtcNow());
        return new PruneStatus(verdict, detail, [.. last.Select(Of).OrderBy(region => region.Region != plan.Primary.Name)]);
    }

    /// <summary>How the last prune is to be seen. Pure.</summary>
    internal static (ObjectiveVerdict Verdict, string Detail) Judge(
        RetentionPolicy rules, PruneState? state, IReadOnlyList<(PruneRecord Record, PlacePruned Place)> last, DateTimeOffset now)
    {
        var troubles = last.SelectMany(one => one.Place.Troubles).ToList();
        var overdue = state is null ? null : BackupSchedule.FirstAfter(rules.Schedule, rules.TimeZone, state.Last, now);
        return last.Any(one => one.Place.Blocked.Count + one.Place.Refused.Count > 0) ? (ObjectiveVerdict.Breached, troubles[0])
            : troubles.Count > 0 ? (ObjectiveVerdict.AtRisk, troubles[0])
            : state is { Job: { } job, ClosedAt: null } && now - job.Occurrence > s_late ? (ObjectiveVerdict.AtRisk, $"the prune {job.Name} began more than a day ago and has not ended")
            : overdue is { } due && now - due > s_late ? (ObjectiveVerdict.AtRisk, string.Create(CultureInfo.InvariantCulture, $"the prune of {due.UtcDateTime:yyyy-MM-dd HH:mm}Z has not begun: a run or a restore test may have the workload"))
            : last.Count == 0 ? (ObjectiveVerdict.Unknown, "no prune has ended")
            : (ObjectiveVerdict.Met, $"the prune {last.MaxBy(one => one.Record.EndedAt).Record.Name} came to its end");
    }

    private static RegionPruned Of((PruneRecord Record, PlacePruned Place) one) => new(
        one.Place.Place.Region,
        one.Record.EndedAt,
        one.Place.Kept,
        one.Place.Removed,
        one.Place.BytesRemoved,
        one.Place.BytesWaiting,
        one.Place.NextStepAt,
        one.Place.PassedOver,
        [.. one.Place.Troubles]);
}
