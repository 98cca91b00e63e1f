namespace DrFunctions.Backup;

/// <summary>One complete backup, visible because everything it needs is in its repository.</summary>
public sealed record Snapshot
{
    /// <summary>Its id, unique in a repository.</summary>
    public required string Id { get; init; }

    /// <summary>The workload it belongs to.</summary>
    public required string Workload { get; init; }

    /// <summary>The policy it belongs to.</summary>
    public required string Policy { get; init; }

    /// <summary>The source in words, such as a container's URL.</summary>
    public required string Source { get; init; }

    /// <summary>
    /// The time the backup began to read the source, UTC: every change acknowledged before it is in the snapshot; later ones may be
    /// missing.
    /// </summary>
    public required DateTimeOffset RestorePoint { get; init; }

    /// <summary>When the last byte was durable, UTC, by the engine's clock.</summary>
    public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>Files whose content is in the snapshot.</summary>
    public required long Files { get; init; }

    /// <summary>Their bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Files that were listed and gone when they were read: deleted after the restore point.</summary>
    public required long Vanished { get; init; }

    /// <summary>Files that are not in the snapshot though the source has them: they kept changing, or are of a kind without content.</summary>
    public required long Unread { get; init; }

    /// <summary>What it relied on when it was taken.</summary>
    public SnapshotKind Kind { get; init; }

    /// <summary>The id of the snapshot it relied on; null of a full one.</summary>
    public string? Parent { get; init; }

    /// <summary>The id of the full snapshot that its parents lead to; null of a full one.</summary>
    public string? LastFull { get; init; }

    /// <summary>Bytes of the files' content that the repository did not have before.</summary>
    public long BytesAdded { get; init; }

    /// <summary>True when nothing of the source is missing.</summary>
    public bool IsComplete => Unread == 0;

    /// <summary>The full snapshot of those that rely on this one.</summary>
    internal string FullOfChildren => LastFull ?? Id;
}
