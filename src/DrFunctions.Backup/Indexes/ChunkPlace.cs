using DrFunctions.Backup.Compression;

namespace DrFunctions.Backup.Indexes;

/// <summary>Where a chunk is.</summary>
/// <param name="Pack">The number of its pack in the index.</param>
/// <param name="Record">Its number in the pack.</param>
/// <param name="Offset">Where it begins in the pack, bytes.</param>
/// <param name="Codec">How it is stored.</param>
/// <param name="StoredLength">Bytes of it as stored, without the tag.</param>
/// <param name="Length">Bytes of its content.</param>
internal readonly record struct ChunkPlace(int Pack, int Record, int Offset, Codec Codec, int StoredLength, int Length);
