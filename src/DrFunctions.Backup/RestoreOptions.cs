namespace DrFunctions.Backup;

/// <summary>What a restore should do beyond writing the snapshot's files.</summary>
public sealed record RestoreOptions
{
    /// <summary>Removes what is in the target and not in the snapshot, after everything else succeeded. Default false.</summary>
    public bool DeleteExtra { get; init; }

    /// <summary>Which paths are restored, and removed where <see cref="DeleteExtra"/> says so; null (default) for all.</summary>
    public Predicate<string>? Include { get; init; }

    /// <summary>
    /// Called before each file is shown under its name, and may throw to stop the restore: a caller that may have been overtaken
    /// makes sure here that it still is the one who restores. Default: nothing.
    /// </summary>
    public Func<CancellationToken, Task> BeforeCommit { get; init; } = _ => Task.CompletedTask;
}
