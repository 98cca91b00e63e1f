using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Locks;

namespace DrFunctions.Recovery.Runs;

/// <summary>
/// Whether an attempt may still act. A process that was paused beyond its lease, and wakes up while another one has long ended its
/// step, finds out here before it overwrites what users wrote since.
/// </summary>
internal sealed class CurrentAttempt(RunJournal journal, WorkloadLocks locks, RunRequest run, int end, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    // Timestamps go on while a process is paused; 0 until the first look.
    private long lookedAt;

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var last = Volatile.Read(ref lookedAt);
        if (last != 0 && time.GetElapsedTime(last) < Fresh)
        {
            return;
        }

        var now = time.GetTimestamp();
        await locks.RequireAsync(run.Workload, run.RunId, cancellationToken);
        if (await journal.FindAsync(run.RunId, end, cancellationToken) is { } ended)
        {
            throw new RecoveryException(
                "AttemptSuperseded",
                $"Another attempt ended this step of '{run.RunId}' at {ended.At:O}; this one stops.",
                isTransient: false,
                "Nothing to do: the other attempt's end counts.");
        }

        Volatile.Write(ref lookedAt, now);
    }
}
