namespace DrFunctions.Backup.Listings;

/// <summary>A file that is not the same in two snapshots.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Change">What became of it.</param>
/// <param name="Before">The file in the first snapshot; null when it was added.</param>
/// <param name="After">The file in the second snapshot; null when it was removed.</param>
public sealed record FileDifference(string Path, FileChange Change, SnapshotFile? Before, SnapshotFile? After);

/// <summary>What became of a file from one snapshot to another.</summary>
public enum FileChange
{
    /// <summary>Only the second one has it.</summary>
    Added,

    /// <summary>Only the first one has it.</summary>
    Removed,

    /// <summary>Its content is another, or one of them lacks its content.</summary>
    Changed,

    /// <summary>Its content is the same; its time, headers or metadata are not.</summary>
    Touched,
}
