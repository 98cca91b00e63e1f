namespace DrFunctions.Backup;

/// <summary>What a copy did. Every byte was read from the origin and matched its SHA-256.</summary>
/// <param name="Snapshot">The snapshot, now visible in both repositories.</param>
/// <param name="ObjectsCopied">Data objects written.</param>
/// <param name="ObjectsReused">Data objects that were there already, read and found right.</param>
/// <param name="BytesCopied">Bytes written.</param>
/// <param name="BytesReused">Bytes found right.</param>
public sealed record CopyResult(Snapshot Snapshot, long ObjectsCopied, long ObjectsReused, long BytesCopied, long BytesReused);

/// <summary>What a restore should do beyond writing the snapshot's files.</summary>
public sealed record RestoreOptions
{
    /// <summary>Removes what is in the target and not in the snapshot, after everything else succeeded. Default false.</summary>
    public bool DeleteExtra { get; init; }

    /// <summary>
    /// Called before each file is shown under its name, and may throw to stop the restore: a caller that may have been overtaken
    /// makes sure here that it still is the one who restores. Default: nothing.
    /// </summary>
    public Func<CancellationToken, Task> BeforeCommit { get; init; } = _ => Task.CompletedTask;
}

/// <summary>What a restore did. Every file of the snapshot is now in the target, bit for bit.</summary>
/// <param name="Snapshot">The restored snapshot.</param>
/// <param name="FilesWritten">Files written; links, pipes and devices, too, and no folders.</param>
/// <param name="FilesUnchanged">Files that were there already, read and found right.</param>
/// <param name="FilesDeleted">Files removed because the snapshot does not have them.</param>
/// <param name="BytesWritten">Bytes written.</param>
/// <param name="BytesUnchanged">Bytes found right.</param>
public sealed record RestoreResult(
    Snapshot Snapshot, long FilesWritten, long FilesUnchanged, long FilesDeleted, long BytesWritten, long BytesUnchanged)
{
    /// <summary>What could not be restored as it was, in words, though all content was: owners that only root may give, for example. Empty when nothing.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>What a check found after reading all data of the snapshots in question.</summary>
/// <param name="SnapshotsChecked">Snapshots looked at.</param>
/// <param name="ObjectsRead">Data objects read and hashed; one that several files share may count once.</param>
/// <param name="BytesRead">Their bytes.</param>
/// <param name="ProblemCount">Problems found.</param>
/// <param name="Problems">The first 1,000 of them.</param>
public sealed record CheckResult(long SnapshotsChecked, long ObjectsRead, long BytesRead, long ProblemCount, IReadOnlyList<CheckProblem> Problems)
{
    /// <summary>True when everything restores.</summary>
    public bool IsClean => ProblemCount == 0;
}

/// <summary>Something that does not restore.</summary>
/// <param name="SnapshotId">The snapshot that needs it.</param>
/// <param name="Path">The file that needs it; null when the manifest itself is concerned.</param>
/// <param name="Code">One of <see cref="BackupErrors"/>.</param>
/// <param name="Message">The object, what was expected and what was found.</param>
public sealed record CheckProblem(string SnapshotId, string? Path, string Code, string Message);
