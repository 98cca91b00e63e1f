namespace DrFunctions.Backup;

/// <summary>What a backup relied on when it was taken. Every snapshot restores on its own, whatever its kind.</summary>
public enum SnapshotKind
{
    /// <summary>Nothing: all content was read.</summary>
    Full,

    /// <summary>The last snapshot of any kind: what is unchanged since was not read again.</summary>
    Incremental,

    /// <summary>The last full snapshot: what is unchanged since was not read again.</summary>
    Differential,
}
