namespace DrFunctions.Backup.Sources;

/// <summary>Data to back up. Thread-safe.</summary>
/// <remarks>
/// Methods throw <see cref="BackupException"/>: <see cref="BackupErrors.StorageUnavailable"/> or
/// <see cref="BackupErrors.StorageRefused"/>. A listed entry may change at any time; then <see cref="OpenReadAsync"/> or a read of its
/// stream, the last one included, throws <see cref="BackupErrors.SourceChanged"/> or <see cref="BackupErrors.SourceVanished"/>: bytes
/// of two versions never reach the reader as one file.
/// </remarks>
public interface IBackupSource
{
    /// <summary>What is backed up, in words for people; never a secret.</summary>
    string Description { get; }

    /// <summary>All entries, each path once, in the order of their paths' UTF-8 bytes; one that comes out of it is read though it did not change.</summary>
    IAsyncEnumerable<SourceEntry> ListAsync(CancellationToken cancellationToken);

    /// <summary>The entry as it is now; null when it is gone.</summary>
    Task<SourceEntry?> FindAsync(string path, CancellationToken cancellationToken);

    /// <summary>The content of exactly the version that was listed.</summary>
    Task<Stream> OpenReadAsync(SourceEntry entry, CancellationToken cancellationToken);
}
