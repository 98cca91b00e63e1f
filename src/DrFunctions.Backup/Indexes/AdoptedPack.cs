using DrFunctions.Backup.Packs;

namespace DrFunctions.Backup.Indexes;

/// <summary>A pack that no index named.</summary>
/// <param name="Pack">The pack.</param>
/// <param name="Chunks">Its chunks, in their order.</param>
internal sealed record AdoptedPack(IndexedPack Pack, IReadOnlyList<PackEntry> Chunks);
