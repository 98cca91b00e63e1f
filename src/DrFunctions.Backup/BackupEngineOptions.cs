namespace DrFunctions.Backup;

/// <summary>How much an engine does at once.</summary>
public sealed record BackupEngineOptions
{
    /// <summary>
    /// Files that a restore compares or writes at once, 1 to 64. Default 8. What is in memory does not grow with it, but for 4 MiB each in blob targets.
    /// </summary>
    public int Parallelism { get; init; } = 8;

    /// <summary>How often an entry that changes while it is read is read again before it is recorded as unstable. Default 3.</summary>
    public int SourceAttempts { get; init; } = 3;
}
