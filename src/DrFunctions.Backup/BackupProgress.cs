namespace DrFunctions.Backup;

/// <summary>How far an operation is.</summary>
/// <param name="FilesDone">Files finished.</param>
/// <param name="FilesTotal">Files known so far.</param>
/// <param name="BytesDone">Bytes finished, of the files' content.</param>
/// <param name="BytesTotal">Bytes known so far.</param>
/// <param name="IsTotalFinal">False while the source is still being listed.</param>
public readonly record struct BackupProgress(long FilesDone, long FilesTotal, long BytesDone, long BytesTotal, bool IsTotalFinal);
