namespace DrFunctions.Backup;

/// <summary>What a restore did. Every file of the snapshot that was asked for is now in the target, bit for bit.</summary>
/// <param name="Snapshot">The restored snapshot.</param>
/// <param name="FilesWritten">Files written.</param>
/// <param name="FilesUnchanged">Files that were there already, read and found right.</param>
/// <param name="FilesDeleted">Files removed because the snapshot does not have them.</param>
/// <param name="BytesWritten">Bytes written.</param>
/// <param name="BytesUnchanged">Bytes found right.</param>
public sealed record RestoreResult(
    Snapshot Snapshot, long FilesWritten, long FilesUnchanged, long FilesDeleted, long BytesWritten, long BytesUnchanged);
