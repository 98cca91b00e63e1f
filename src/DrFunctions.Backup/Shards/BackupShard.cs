namespace DrFunctions.Backup.Shards;

/// <summary>A stretch of a source: the paths from one on and before another, in the order of their UTF-8 bytes.</summary>
/// <param name="From">The first path that may be in it; null for the first of all.</param>
/// <param name="To">The first path that is not in it; null for none.</param>
/// <param name="Marker">The page of the listing from which it is looked for.</param>
/// <param name="Entries">Entries it had when it was planned.</param>
/// <param name="Bytes">Their bytes.</param>
public sealed record BackupShard(string? From, string? To, string? Marker, long Entries, long Bytes);

/// <summary>How much a shard is.</summary>
/// <param name="Entries">Entries at most; 1 or more.</param>
/// <param name="Bytes">Bytes at most, unless a single file has more; 1 or more.</param>
public sealed record ShardLimits(long Entries, long Bytes)
{
    // What a core does is ten times as much; what is unchanged is not read at all.
    private const long BytesPerSecond = 10 * 1024 * 1024;
    private const long EntriesPerSecond = 100;

    /// <summary>Shards that are done within a time: 10 MiB and 100 entries a second. One that takes longer is cut where the time is over.</summary>
    public static ShardLimits Within(TimeSpan time) =>
        new(Math.Max(1, (long)(time.TotalSeconds * EntriesPerSecond)), Math.Max(1, (long)(time.TotalSeconds * BytesPerSecond)));
}

/// <summary>How far a source was planned.</summary>
/// <param name="From">Where the next shard begins.</param>
/// <param name="FromMarker">The page it begins in.</param>
/// <param name="Marker">The page that is to be listed next.</param>
/// <param name="Entries">Entries seen of the next shard.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Last">The last path seen.</param>
public sealed record ShardPosition(string? From, string? FromMarker, string? Marker, long Entries, long Bytes, string? Last);

/// <summary>What was planned of a source.</summary>
/// <param name="Shards">Shards that are complete, in order, and follow those planned before.</param>
/// <param name="Next">Where to go on; null when all is planned.</param>
public sealed record ShardPlan(IReadOnlyList<BackupShard> Shards, ShardPosition? Next);

/// <summary>What was taken of a shard, durable.</summary>
/// <param name="Files">Files whose content was taken.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="BytesAdded">Bytes of their content that the repository did not have.</param>
/// <param name="Rest">What is still to be taken of it; null when it is done.</param>
public sealed record ShardTaken(long Files, long Bytes, long BytesAdded, BackupShard? Rest);
