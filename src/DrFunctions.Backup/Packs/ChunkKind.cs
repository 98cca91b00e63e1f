namespace DrFunctions.Backup.Packs;

/// <summary>With which others a chunk is packed.</summary>
internal enum ChunkKind
{
    /// <summary>The content of files.</summary>
    Data,

    /// <summary>Pieces of manifests, and the lists of them.</summary>
    Manifest,
}
