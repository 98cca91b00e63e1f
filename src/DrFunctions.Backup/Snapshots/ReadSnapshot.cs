namespace DrFunctions.Backup.Snapshots;

/// <summary>A snapshot that is visible: what it says, or why it cannot be read.</summary>
/// <param name="Id">Its id.</param>
/// <param name="WrittenAt">When it was written, by the repository's clock.</param>
/// <param name="Snapshot">The snapshot; null when it cannot be read.</param>
/// <param name="Error">Why it cannot be read; null when it can.</param>
internal sealed record ReadSnapshot(string Id, DateTimeOffset WrittenAt, SealedSnapshot? Snapshot, BackupException? Error);
