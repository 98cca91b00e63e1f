namespace DrFunctions.Backup.Indexes;

/// <summary>Where a chunk is in a repository.</summary>
/// <param name="Pack">Its pack.</param>
/// <param name="Place">Its place in the pack.</param>
internal readonly record struct ChunkLocation(IndexedPack Pack, ChunkPlace Place);
