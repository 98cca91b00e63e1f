using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Manifests;

/// <summary>A line of a manifest.</summary>
/// <param name="Source">What was read.</param>
/// <param name="Chunks">Its content, in order; none of an empty file.</param>
/// <param name="Skipped">Why the content is not in the snapshot; null when it is.</param>
internal sealed record ManifestEntry(SourceEntry Source, IReadOnlyList<ManifestChunk> Chunks, string? Skipped = null)
{
    /// <summary><see cref="Skipped"/> of a file that was deleted after it was listed.</summary>
    public const string Vanished = "vanished";

    /// <summary><see cref="Skipped"/> of a file that kept changing.</summary>
    public const string Unstable = "kept changing while it was read";
}

/// <summary>A chunk, as a manifest names it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Length">Bytes of its content, at least 1.</param>
internal readonly record struct ManifestChunk(ChunkId Id, int Length);
