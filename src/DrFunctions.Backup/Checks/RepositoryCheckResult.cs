namespace DrFunctions.Backup.Checks;

/// <summary>What a check found.</summary>
/// <param name="Snapshots">Snapshots whose manifests were read.</param>
/// <param name="Packs">Packs that indexes name.</param>
/// <param name="PacksRead">Packs that were read whole, every chunk of them authenticated.</param>
/// <param name="BytesRead">Their bytes.</param>
/// <param name="ProblemCount">Problems found.</param>
/// <param name="Problems">The first thousand of them.</param>
public sealed record RepositoryCheckResult(
    long Snapshots, long Packs, long PacksRead, long BytesRead, long ProblemCount, IReadOnlyList<RepositoryProblem> Problems)
{
    /// <summary>True when nothing is wrong.</summary>
    public bool IsClean => ProblemCount == 0;
}

/// <summary>Something that is wrong.</summary>
/// <param name="SnapshotId">The snapshot that needs it; null when no snapshot is known to.</param>
/// <param name="Path">The file that needs it; null when it is not a file's.</param>
/// <param name="Code">One of <see cref="BackupErrors"/>.</param>
/// <param name="Message">The object, what was expected and what was found.</param>
public sealed record RepositoryProblem(string? SnapshotId, string? Path, string Code, string Message);
