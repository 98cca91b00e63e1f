namespace DrFunctions.Backup.Transfers;

/// <summary>Counts what an operation does and reports it at most ten times a second, and at its end. Thread-safe.</summary>
internal sealed class ProgressMeter(IProgress<BackupProgress>? progress, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly Lock sync = new();
    private BackupProgress state;
    private long? reportedAt;

    public void Expect(long files, long bytes) => Change(state => state with { FilesTotal = state.FilesTotal + files, BytesTotal = state.BytesTotal + bytes });

    public void TotalIsFinal() => Change(state => state with { IsTotalFinal = true });

    public void Done(long files, long bytes) => Change(state => state with { FilesDone = state.FilesDone + files, BytesDone = state.BytesDone + bytes });

    /// <summary>Reports the last state, whenever the one before was.</summary>
    public void End()
    {
        lock (sync)
        {
            progress?.Report(state);
        }
    }

    private void Change(Func<BackupProgress, BackupProgress> change)
    {
        lock (sync)
        {
            state = change(state);
            if (progress is not null && (reportedAt is not { } at || time.GetElapsedTime(at) >= Pause))
            {
                reportedAt = time.GetTimestamp();
                progress.Report(state);
            }
        }
    }
}
