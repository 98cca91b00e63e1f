namespace DrFunctions.Backup.Sources;

/// <summary>What of a folder is backed up.</summary>
public sealed record FolderSourceOptions
{
    /// <summary>
    /// Whether folders on which another file system is mounted are backed up without what is in them. Default false: they are part of the tree. Linux only.
    /// </summary>
    public bool OneFileSystem { get; init; }

    /// <summary>
    /// Which paths are left out, folders with all that is below them; a folder's path has no '/' at its end. They are not looked into, and nothing of them is recorded. Null (default) for none.
    /// </summary>
    public Predicate<string>? Exclude { get; init; }
}
