using DrFunctions.Recovery.Control;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.Recovery.Locks;

/// <summary>Takes, checks and releases workload locks. Every method is idempotent for the same run.</summary>
/// <param name="documents">Where they are.</param>
/// <param name="time">The clock.</param>
/// <param name="authority">Whether this app acts at all; null for one alone.</param>
public sealed class WorkloadLocks(IDocumentStore documents, TimeProvider time, ControlAuthority? authority = null)
{
    private const int Attempts = 16;

    /// <summary>Reads the lock; null when the workload never had a run.</summary>
    public async Task<WorkloadLock?> ReadAsync(string workload, CancellationToken cancellationToken) =>
        (await documents.ReadAsync<WorkloadLock>(Key(workload), cancellationToken))?.Value;

    /// <summary>
    /// Takes the lock for a run, also from one that yields to it. The answer's lock is the caller's when its run id is the request's,
    /// else it is the active one. A run that held it once and was released does not get it again.
    /// </summary>
    public async Task<WorkloadLock> TakeAsync(RunRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var seen = await documents.ReadAsync<WorkloadLock>(Key(request.Workload), cancellationToken);
            var preempts = seen is { Value.State: LockState.Held } && Preemption.Yields(seen.Value.Run.Mode, request.Mode) ? seen.Value.Run : null;
            if (seen is { } && ((seen.Value.State == LockState.Held && preempts is null) || seen.Value.Run.RunId == request.RunId))
            {
                return seen.Value;
            }

            var taken = new WorkloadLock(1, (seen?.Value.Epoch ?? 0) + 1, LockState.Held, request, time.GetUtcNow(), null) { Preempts = preempts };
            if (await documents.TryWriteAsync(Key(request.Workload), taken, seen, cancellationToken))
            {
                return taken;
            }
        }

        throw Contended(request.Workload);
    }

    /// <summary>Releases the lock when the run holds it; does nothing otherwise.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="runId">The run.</param>
    /// <param name="note">Why, when it is not by the run's end; null otherwise.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task ReleaseAsync(string workload, string runId, string? note, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var seen = await documents.ReadAsync<WorkloadLock>(Key(workload), cancellationToken);
            if (seen is null || seen.Value.Run.RunId != runId || seen.Value.State == LockState.Released)
            {
                return;
            }

            var released = seen.Value with { State = LockState.Released, ReleasedAt = time.GetUtcNow(), Note = note };
            if (await documents.TryWriteAsync(Key(workload), released, seen, cancellationToken))
            {
                return;
            }
        }

        throw Contended(workload);
    }

    /// <summary>Checks, before an effect, that the run still holds the lock.</summary>
    /// <exception cref="RecoveryException">
    /// It does not (<c>EpochSuperseded</c>), or the other app is in control (<c>ControlElsewhere</c>), whose copy of the lock counts: the
    /// run must not act any more.
    /// </exception>
    public async Task<WorkloadLock> RequireAsync(string workload, string runId, CancellationToken cancellationToken)
    {
        await (authority?.RequireAsync(cancellationToken) ?? Task.CompletedTask);
        var held = await ReadAsync(workload, cancellationToken);
        return LossOf(held, workload, runId) is { } loss
            ? throw new RecoveryException("EpochSuperseded", loss, isTransient: false, "Nothing to do: the newer run decides.")
            : held!; // A lock that is not lost is there.
    }

    /// <summary>Why a run does not hold the lock (any more), as a sentence; null when it does.</summary>
    internal static string? LossOf(WorkloadLock? held, string workload, string runId) =>
        held is { State: LockState.Held } && held.Run.RunId == runId
            ? null
            : $"The run '{runId}' no longer holds the lock of '{workload}'; "
                + (held is null ? "nobody does." : $"'{held.Run.RunId}' (epoch {held.Epoch}) is the last that did.");

    /// <summary>The document's key.</summary>
    public static string Key(string workload) => $"locks/{workload}";

    private static RecoveryException Contended(string workload) => new(
        "LockContended",
        $"The lock of '{workload}' changed {Attempts} times while it was being written.",
        isTransient: true,
        "Try again.");
}
