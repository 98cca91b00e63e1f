namespace DrFunctions.Backup;

/// <summary>What a restore would do. Nothing was written.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="FilesNew">Files that would be written where there is none.</param>
/// <param name="FilesOverwritten">Files that would be written in place of another content.</param>
/// <param name="FilesUnchanged">Files that are there, were read and found right: they would be left as they are.</param>
/// <param name="FilesDeleted">Files that would be removed because the snapshot does not have them.</param>
/// <param name="BytesToWrite">Bytes that would be written.</param>
/// <param name="BytesUnchanged">Bytes found right.</param>
public sealed record RestorePreview(
    Snapshot Snapshot, long FilesNew, long FilesOverwritten, long FilesUnchanged, long FilesDeleted, long BytesToWrite, long BytesUnchanged)
{
    /// <summary>Links, pipes, devices and further names of files that would be made, whether or not they are there.</summary>
    public long Others { get; init; }

    /// <summary>What the target cannot have and the restore would fail for, in words.</summary>
    public IReadOnlyList<string> Impossible { get; init; } = [];

    /// <summary>What would not be restored as it was, in words.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
