namespace DrFunctions.Backup.SealedObjects;

/// <summary>What a sealed object holds. The letters are part of the format.</summary>
internal enum SealedKind : byte
{
    /// <summary>Chunks.</summary>
    Pack = (byte)'P',

    /// <summary>Where chunks are.</summary>
    Index = (byte)'I',

    /// <summary>A snapshot.</summary>
    Snapshot = (byte)'S',

    /// <summary>How far a backup has come.</summary>
    Checkpoint = (byte)'C',

    /// <summary>What is kept of a backup in shards.</summary>
    Part = (byte)'M',

    /// <summary>Packs that are about to be removed.</summary>
    Tombstone = (byte)'T',

    /// <summary>A legal hold.</summary>
    Hold = (byte)'H',
}
