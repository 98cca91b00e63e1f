namespace DrFunctions.Backup;

/// <summary>What a backup would do, by what is listed. Nothing was written, and no file was read.</summary>
/// <param name="Kind">What kind of snapshot it would be.</param>
/// <param name="Parent">The snapshot it would rely on; null for none.</param>
/// <param name="FilesNew">Files that the parent does not have.</param>
/// <param name="FilesChanged">Files that are not as they were in the parent.</param>
/// <param name="FilesUnchanged">Files that look as they did.</param>
/// <param name="BytesNew">Bytes of the new ones.</param>
/// <param name="BytesChanged">Bytes of the changed ones, as long as they are now.</param>
/// <param name="BytesUnchanged">Bytes of the unchanged ones.</param>
/// <param name="BytesToRead">Bytes that would be read: of new and changed files, and of all where unchanged ones are verified. What of them is stored is known when they are read.</param>
public sealed record BackupPreview(
    SnapshotKind Kind, string? Parent, long FilesNew, long FilesChanged, long FilesUnchanged, long BytesNew, long BytesChanged, long BytesUnchanged, long BytesToRead)
{
    /// <summary>Links, pipes and devices; they are taken each time.</summary>
    public long Others { get; init; }

    /// <summary>What cannot be read, as far as the listing says; sockets are among them.</summary>
    public long Unreadable { get; init; }

    /// <summary>Whether a snapshot of that id is there already, so that nothing would be done.</summary>
    public bool IsTaken { get; init; }
}
