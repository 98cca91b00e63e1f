using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Snapshots;

/// <summary>A line of a manifest.</summary>
/// <param name="Source">What was read.</param>
/// <param name="Sha256">Of the whole content; of a file of one chunk, that chunk's.</param>
/// <param name="Chunks">In order; all of <see cref="ChunkStore.ChunkSize"/> but the last. None for an empty file.</param>
/// <param name="Skipped">Why the content is not in the snapshot; null when it is.</param>
internal sealed record SnapshotEntry(SourceEntry Source, Sha256Digest Sha256, IReadOnlyList<Sha256Digest> Chunks, string? Skipped = null)
{
    /// <summary><see cref="Skipped"/> of a file that was deleted after it was listed.</summary>
    public const string Vanished = "vanished";

    /// <summary><see cref="Skipped"/> of a file that kept changing.</summary>
    public const string Unstable = "kept changing while it was read";

    /// <summary>The bytes of a chunk.</summary>
    public int LengthOf(int chunk) => (int)Math.Min(ChunkStore.ChunkSize, Source.Length - OffsetOf(chunk));

    /// <summary>Where a chunk begins in the file.</summary>
    public static long OffsetOf(int chunk) => (long)chunk * ChunkStore.ChunkSize;
}
