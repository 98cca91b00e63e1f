using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Runs;

/// <summary>
/// An unplanned run takes the workload from a drill or a planned run at once, with a higher epoch, so that never two of them act. What
/// that one did is undone under the new lock, as far as time allows; then the new run begins.
/// </summary>
internal sealed class Preemption(RunRecorder recorder, IPlanSource plans, TimeProvider time)
{
    // Users wait meanwhile.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>Whether a run may be taken the workload from.</summary>
    public static bool Yields(RunMode held, RunMode wanted) => wanted == RunMode.Unplanned && held != RunMode.Unplanned;

    /// <summary>Tells the journal of the run that was pre-empted, once. False when that run has ended, or never began.</summary>
    public async Task<bool> RecordAsync(WorkloadLock held, RunRequest victim, CancellationToken cancellationToken)
    {
        var seen = await recorder.FindAsync(victim.RunId, cancellationToken);
        if (seen is not { Ended: null } || seen.Stop is { Kind: StopKind.Preempt })
        {
            return seen is { Ended: null };
        }

        var leaves = victim.Mode != RunMode.Drill && await GoTheSameWayAsync(held.Run, victim, cancellationToken);
        var draft = JournalDraft.Of(
            JournalKind.RunPreempted,
            null,
            (RunFacts.By, held.Run.RunId),
            (RunFacts.Reason, held.Run.Reason),
            (RunFacts.Until, EntryFacts.Write(time.GetUtcNow() + Longest)),
            (RunFacts.Leaves, leaves ? "it goes the same way" : null));
        var told = await recorder.RecordAsync(
            victim.RunId, run => run.Stop is { Kind: StopKind.Preempt } ? null : draft, cancellationToken);
        return told.Ended is null;
    }

    // To undo what the new run is about to do would cost time and move users twice.
    private async Task<bool> GoTheSameWayAsync(RunRequest run, RunRequest victim, CancellationToken cancellationToken) =>
        await TargetAsync(run, cancellationToken) is { } target && target == await TargetAsync(victim, cancellationToken);

    private async Task<Workloads.RegionRole?> TargetAsync(RunRequest run, CancellationToken cancellationToken)
    {
        var plan = await plans.ReadAsync(run.Workload, run.PlanVersion, cancellationToken);
        return plan.Runbooks.GetValueOrDefault(run.Runbook)?.Steps.OfType<IMovesUsers>().LastOrDefault()?.To;
    }
}
