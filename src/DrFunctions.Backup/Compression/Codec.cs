namespace DrFunctions.Backup.Compression;

/// <summary>How the bytes of a chunk are stored. The numbers are part of the format.</summary>
internal enum Codec : byte
{
    /// <summary>As they are.</summary>
    None = 0,

    /// <summary>Zstandard, RFC 8878.</summary>
    Zstd = 1,

    /// <summary>Brotli, RFC 7932.</summary>
    Brotli = 2,
}
