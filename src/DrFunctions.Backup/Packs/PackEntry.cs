using DrFunctions.Backup.Compression;

namespace DrFunctions.Backup.Packs;

/// <summary>A chunk in a pack.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Codec">How it is stored.</param>
/// <param name="StoredLength">Bytes of it as stored, without the tag.</param>
/// <param name="Length">Bytes of its content, at least 1.</param>
internal readonly record struct PackEntry(ChunkId Id, Codec Codec, int StoredLength, int Length);
