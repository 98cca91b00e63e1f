namespace DrFunctions.Backup.Indexes;

/// <summary>An index that is there and cannot be read.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Error">What is wrong with it.</param>
internal sealed record DamagedIndex(string Key, BackupException Error);
