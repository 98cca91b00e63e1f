using DrFunctions.App.RestoreTests;
using DrFunctions.Backup.Retention;
using DrFunctions.Plans.Store;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.Retention;

/// <summary>
/// Whose snapshots a prune may remove, by the plans as they are now: a scope for each policy with rules. What no plan names any more is in no scope, and stays until a person removes it.
/// </summary>
public sealed class PruneScopes(PlanIndex plans, WorkloadLocks locks, WorkloadStates states, RestoreTestLog tests)
{
    /// <summary>The workloads of a pair that have rules, in ordinal order.</summary>
    public async Task<IReadOnlyList<PrunedWorkload>> ReadAsync(RepositoryPair pair, CancellationToken cancellationToken)
    {
        var found = new List<PrunedWorkload>();
        foreach (var (workload, _, plan) in (await plans.ReadAsync(cancellationToken)).Plans.Where(one => RepositoryPair.Of(one.Plan) == pair && HasRules(one.Plan)))
        {
            var state = await states.ReadAsync(workload, cancellationToken);
            found.Add(new PrunedWorkload(plan, state.Active, await BusyAsync(workload, state, cancellationToken)));
        }

        return found;
    }

    /// <summary>Whether a plan has rules.</summary>
    public static bool HasRules(WorkloadPlan plan) => plan.Backups.Any(policy => policy.Retention is not null);

    /// <summary>A plan's scopes.</summary>
    internal static IEnumerable<RetentionScope> Of(WorkloadPlan plan) => plan.Backups.Where(policy => policy.Retention is not null).Select(policy => new RetentionScope(
        Rules(policy.Retention!), plan.Workload, policy.Name)); // It was just asked.

    private static RetentionRules Rules(RetentionPolicy policy) => new()
    {
        Last = policy.Last,
        Hourly = policy.Hourly,
        Daily = policy.Daily,
        Weekly = policy.Weekly,
        Monthly = policy.Monthly,
        Yearly = policy.Yearly,
        Within = policy.Within,
        Minimum = policy.Minimum,
    };

    // Who restores from a snapshot has chosen it: it must not vanish.
    private async Task<string?> BusyAsync(string workload, WorkloadState state, CancellationToken cancellationToken)
    {
        if (await locks.ReadAsync(workload, cancellationToken) is { State: LockState.Held } held)
        {
            return $"the run '{held.Run.RunId}' has it";
        }

        if (state.Arriving)
        {
            return $"the run '{state.RunId}' began to move users and did not see them arrive";
        }

        return (await tests.ReadStatesAsync(workload, cancellationToken)).FirstOrDefault(test => test.Value is { Job: not null, ClosedAt: null }) is { } running
            ? $"its restore test {running.Value.Job?.Name} is not over"
            : null;
    }
}

/// <summary>A workload with rules.</summary>
/// <param name="Plan">Its plan.</param>
/// <param name="Active">The region that carries it.</param>
/// <param name="Busy">Why nothing of it may be removed now; null when it may.</param>
public sealed record PrunedWorkload(WorkloadPlan Plan, RegionRole Active, string? Busy);
