namespace DrFunctions.Backup.Manifests;

/// <summary>
/// A stretch of a manifest, which a snapshot names. The stretch is cut into pieces; the list of their names and lengths, 36 bytes a piece, is cut the same way, and the
/// part names its pieces.
/// </summary>
/// <param name="Entries">Its lines.</param>
/// <param name="Lists">The pieces of the list, in order.</param>
internal sealed record ManifestPart(long Entries, IReadOnlyList<ManifestChunk> Lists);
