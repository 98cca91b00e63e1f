namespace DrFunctions.Backup;

/// <summary>How much an engine does at once.</summary>
public sealed record BackupEngineOptions
{
    /// <summary>
    /// Transfers at once, 1 to 64. Default 8. Data in memory is at most this times the chunk size (4 MiB), twice for blob targets.
    /// </summary>
    public int Parallelism { get; init; } = 8;

    /// <summary>How often an entry that changes while it is read is read again before it is recorded as unstable. Default 3.</summary>
    public int SourceAttempts { get; init; } = 3;
}
