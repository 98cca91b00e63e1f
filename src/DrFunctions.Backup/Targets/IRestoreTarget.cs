using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Targets;

/// <summary>Where files are restored to. Thread-safe.</summary>
/// <remarks>
/// Methods throw <see cref="BackupException"/> with <see cref="BackupErrors.StorageUnavailable"/>,
/// <see cref="BackupErrors.StorageRefused"/> or <see cref="BackupErrors.TargetFull"/>.
/// </remarks>
public interface IRestoreTarget
{
    /// <summary>What is written to, in words for people; never a secret.</summary>
    string Description { get; }

    /// <summary>The most parts that a file may be written in; default: any number.</summary>
    int MostParts => int.MaxValue;

    /// <summary>Makes sure that the target can hold a file of that name. Writes nothing.</summary>
    /// <exception cref="BackupException"><see cref="BackupErrors.UnsafePath"/>: it cannot or must not; the message names the path.</exception>
    void Validate(string path);

    /// <summary>What is there already; nothing when the target does not exist yet.</summary>
    IAsyncEnumerable<TargetEntry> ListAsync(CancellationToken cancellationToken);

    /// <summary>The content of a file that is there; null when it is gone.</summary>
    Task<Stream?> OpenReadAsync(string path, CancellationToken cancellationToken);

    /// <summary>Begins a file. Under its name the old content, or nothing, stays until the commit.</summary>
    Task<IRestoreWriter> BeginAsync(SourceEntry entry, CancellationToken cancellationToken);

    /// <summary>Removes a file; nothing happens when there is none.</summary>
    Task DeleteAsync(string path, CancellationToken cancellationToken);

    /// <summary>A restore ends, well or not, when all its writers are disposed: what the target needed beside the files goes. Default: nothing.</summary>
    Task EndAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>A file being restored. Disposed without a commit, it leaves nothing under the file's name.</summary>
public interface IRestoreWriter : IAsyncDisposable
{
    /// <summary>
    /// Writes a part. Every byte of the file is written exactly once, in any order, by several callers at once, in at most
    /// <see cref="IRestoreTarget.MostParts"/> parts of 1 byte to 64 MiB; nothing of an empty file. <paramref name="content"/> is the caller's again when the task ends.
    /// </summary>
    Task WriteAsync(long offset, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Shows the file, whole, under its name, with its headers, metadata and time where the target has such things.</summary>
    Task CommitAsync(CancellationToken cancellationToken);
}

/// <summary>A file that is in a target.</summary>
/// <param name="Path">Its name below the target's root, parts separated by '/'.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct TargetEntry(string Path, long Length);
