using DrFunctions.Backup.Packs;

namespace DrFunctions.Backup.Indexes;

/// <summary>A pack that an index knows: all that is needed to read one chunk of it by one ranged request.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Header">Its first bytes, from which its key is derived.</param>
/// <param name="Length">Its bytes.</param>
internal sealed record IndexedPack(PackId Id, ReadOnlyMemory<byte> Header, int Length);
