namespace DrFunctions.Backup.Repositories;

/// <summary>
/// Where backups live: whole objects under keys. An object is visible only whole, and for good once a write has returned. Every
/// implementation passes the same conformance suite. Thread-safe, and safe among processes.
/// </summary>
/// <remarks>
/// Keys are made of a-z, A-Z, 0-9, '.', '_', '-' and '/', without empty parts or parts that begin with '.'; objects are at most 64 MiB:
/// small enough to be sent, checked and repeated as one. Methods throw <see cref="BackupException"/> with
/// <see cref="BackupErrors.StorageUnavailable"/>, <see cref="BackupErrors.StorageRefused"/> or <see cref="BackupErrors.TargetFull"/>;
/// whether a write took effect is then unknown, and writing again is safe.
/// </remarks>
public interface IRepository
{
    /// <summary>Which repository it is, in words for people; never a secret.</summary>
    string Description { get; }

    /// <summary>Writes an object that must not exist yet; false, and nothing changed, when one exists. One of several callers wins.</summary>
    Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Writes an object, in the place of any that exists: readers see the old or the new one, whole.</summary>
    Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Opens an object; null when there is none.</summary>
    Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Reads a piece of an object: as many bytes as <paramref name="target"/> has, or as the object has from there on.</summary>
    /// <param name="key">The object.</param>
    /// <param name="offset">Where the piece begins, bytes; 0 or more.</param>
    /// <param name="target">Takes the piece; at least one byte.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>How many bytes were read; 0 where the object ends at <paramref name="offset"/> or before it; null when there is no object.</returns>
    Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken);

    /// <summary>The objects whose keys begin with <paramref name="prefix"/>, in no particular order. Nothing when there is no such place yet.</summary>
    IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Removes an object; false when there was none.</summary>
    Task<bool> DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>Removes an object as it was listed; false, and nothing changed, when there is none, or it was written again since, even with the same bytes.</summary>
    /// <param name="key">The object.</param>
    /// <param name="version">Its <see cref="RepositoryObject.Version"/>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<bool> DeleteAsync(string key, string version, CancellationToken cancellationToken);
}

/// <summary>An object as it is listed.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Length">Bytes.</param>
/// <param name="WrittenAt">When it was written, UTC, by the repository's own clock.</param>
public readonly record struct RepositoryObject(string Key, long Length, DateTimeOffset WrittenAt)
{
    /// <summary>Which of the objects that were ever written under this key it is; each write makes another one. For comparing only.</summary>
    public string Version { get; init; } = "";
}
