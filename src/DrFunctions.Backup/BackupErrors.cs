namespace DrFunctions.Backup;

/// <summary>The codes of <see cref="BackupException"/>. Stable.</summary>
public static class BackupErrors
{
    /// <summary>The source, repository or target did not answer. Transient.</summary>
    public const string StorageUnavailable = "StorageUnavailable";

    /// <summary>The source, repository or target refused: rights, a missing container, a broken setting.</summary>
    public const string StorageRefused = "StorageRefused";

    /// <summary>Someone else wrote where the restore was about to; nothing of theirs is overwritten.</summary>
    public const string TargetChanged = "TargetChanged";

    /// <summary>The target has no room left.</summary>
    public const string TargetFull = "TargetFull";

    /// <summary>A source entry is no longer the version that was listed. Handled by the engine.</summary>
    public const string SourceChanged = "SourceChanged";

    /// <summary>A source entry is gone. Handled by the engine.</summary>
    public const string SourceVanished = "SourceVanished";

    /// <summary>A source entry may not or cannot be read, and others can. Handled by the engine: it is recorded as skipped.</summary>
    public const string SourceRefused = "SourceRefused";

    /// <summary>Who writes a stream failed: what came of it is not what it meant to write.</summary>
    public const string SourceFailed = "SourceFailed";

    /// <summary>The snapshot has no file of that path.</summary>
    public const string FileNotFound = "FileNotFound";

    /// <summary>The repository has no snapshot of that id.</summary>
    public const string SnapshotNotFound = "SnapshotNotFound";

    /// <summary>A snapshot's manifest does not match its own checksum or format.</summary>
    public const string SnapshotDamaged = "SnapshotDamaged";

    /// <summary>A snapshot of that id exists and is another one.</summary>
    public const string SnapshotConflict = "SnapshotConflict";

    /// <summary>A snapshot of that id was given up by a prune, because its backup took too long: a new backup takes a new id.</summary>
    public const string SnapshotAbandoned = "SnapshotAbandoned";

    /// <summary>A legal hold is on the snapshot, or may be.</summary>
    public const string SnapshotHeld = "SnapshotHeld";

    /// <summary>The place holds no repository.</summary>
    public const string NoRepository = "NoRepository";

    /// <summary>The place holds a repository already.</summary>
    public const string RepositoryExists = "RepositoryExists";

    /// <summary>The passphrase or key opens no slot of the repository.</summary>
    public const string WrongSecret = "WrongSecret";

    /// <summary>Who keeps a key of the repository did not answer, and nothing else that was given opens it. Transient.</summary>
    public const string KeyUnavailable = "KeyUnavailable";

    /// <summary>Who keeps a key of the repository refused: rights, a key that is disabled or deleted.</summary>
    public const string KeyRefused = "KeyRefused";

    /// <summary>A key slot cannot be added or removed: its name is taken or none, or fewer than two would be left.</summary>
    public const string KeySlotRefused = "KeySlotRefused";

    /// <summary>A snapshot, or the repository, was written by a newer version.</summary>
    public const string FormatTooNew = "FormatTooNew";

    /// <summary>Data that a snapshot needs is not in the repository.</summary>
    public const string DataMissing = "DataMissing";

    /// <summary>Data that a snapshot needs does not match its SHA-256.</summary>
    public const string DataDamaged = "DataDamaged";

    /// <summary>A path that the target cannot or must not hold.</summary>
    public const string UnsafePath = "UnsafePath";
}
