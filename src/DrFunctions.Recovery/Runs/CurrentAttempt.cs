using DrFunctions.Recovery.Locks;

namespace DrFunctions.Recovery.Runs;

/// <summary>
/// Whether an attempt may still act. A process that was paused beyond its lease, and wakes up while another one has long ended its
/// step, finds out here before it overwrites what users wrote since; so does one whose run was cancelled meanwhile.
/// </summary>
/// <param name="recorder">Reads the run.</param>
/// <param name="locks">Reads the lock.</param>
/// <param name="workload">The workload.</param>
/// <param name="actor">The run that must hold the lock.</param>
/// <param name="runId">The run whose step it is.</param>
/// <param name="overtaken">What overtook the attempt, as a sentence; null when nothing has.</param>
/// <param name="time">The clock.</param>
internal sealed class CurrentAttempt(
    RunRecorder recorder, WorkloadLocks locks, string workload, string actor, string runId, Func<RunProgress, string?> overtaken, TimeProvider time)
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
        await locks.RequireAsync(workload, actor, cancellationToken);
        if (overtaken(await recorder.ReadAsync(runId, cancellationToken)) is { } why)
        {
            throw new RecoveryException("AttemptSuperseded", why, isTransient: false, "Nothing to do: what the journal says counts.");
        }

        Volatile.Write(ref lookedAt, now);
    }
}
