using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Runs;

/// <summary>
/// Starts runs. Taking the lock is the start: from then on the run is scheduled by whoever finds it, here or at the next tick,
/// whatever dies in between.
/// </summary>
public sealed class RunStarts(WorkloadLocks locks, WorkloadStates states, IPlanSource plans, IRunScheduler scheduler)
{
    /// <summary>Starts a run, or says why not. Idempotent for the same run id.</summary>
    public async Task<RunStart> StartAsync(RunRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var plan = await plans.ReadAsync(request.Workload, request.PlanVersion, cancellationToken);
        if (!plan.Runbooks.TryGetValue(request.Runbook, out var runbook))
        {
            return new RunStart.UnknownRunbook(request.Runbook, [.. plan.Runbooks.Keys.Order(StringComparer.Ordinal)]);
        }

        // The lock first: what its last run did is then in the state.
        var held = await locks.ReadAsync(request.Workload, cancellationToken);
        var state = await states.ReadAsync(request.Workload, cancellationToken);
        if (held is not { State: LockState.Held }
            && held?.Run.RunId != request.RunId
            && IsThere(plan, runbook, state))
        {
            return new RunStart.AlreadyThere(plan.RegionOf(state.Active).Name);
        }

        var taken = await locks.TakeAsync(request, cancellationToken);
        if (taken.Run.RunId != request.RunId)
        {
            // The active run may be one that died between its lock and its schedule.
            await scheduler.EnsureScheduledAsync(taken.Run, cancellationToken);
            return new RunStart.RunActive(taken.Run.RunId);
        }

        if (taken.State == LockState.Held)
        {
            await scheduler.EnsureScheduledAsync(taken.Run, cancellationToken);
        }

        return new RunStart.Started(taken.Run, taken.Epoch);
    }

    /// <summary>Whether the runbook would move users to where they are, and restore over live data.</summary>
    internal static bool IsThere(WorkloadPlan plan, Runbook runbook, WorkloadState state) =>
        !state.Arriving && !plan.IsShared(state) && runbook.Steps.OfType<IMovesUsers>().LastOrDefault()?.To == state.Active;
}

/// <summary>What became of a start.</summary>
public abstract record RunStart
{
    private RunStart()
    {
    }

    /// <summary>The run holds the lock and is scheduled.</summary>
    /// <param name="Run">The run.</param>
    /// <param name="Epoch">Its fencing number.</param>
    public sealed record Started(RunRequest Run, long Epoch) : RunStart;

    /// <summary>Another run holds the lock.</summary>
    /// <param name="RunId">That run.</param>
    public sealed record RunActive(string RunId) : RunStart;

    /// <summary>The runbook would move users to the region that already carries them, and restore over live data.</summary>
    /// <param name="Region">The region.</param>
    public sealed record AlreadyThere(string Region) : RunStart;

    /// <summary>The plan has no such runbook.</summary>
    /// <param name="Name">What was asked for.</param>
    /// <param name="Known">The runbooks there are.</param>
    public sealed record UnknownRunbook(string Name, IReadOnlyList<string> Known) : RunStart;
}
