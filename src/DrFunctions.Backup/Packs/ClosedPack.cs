namespace DrFunctions.Backup.Packs;

/// <summary>A pack to be written, whole, by one create-only request.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Content">Its bytes, in the builder's buffer.</param>
/// <param name="Entries">Its chunks, in their order.</param>
internal sealed record ClosedPack(PackId Id, ReadOnlyMemory<byte> Content, IReadOnlyList<PackEntry> Entries);
