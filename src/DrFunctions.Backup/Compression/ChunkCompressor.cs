using System.IO.Compression;

namespace DrFunctions.Backup.Compression;

/// <summary>Makes chunks smaller, and whole again. One for each thread that works: not thread-safe.</summary>
/// <remarks>A chunk that does not get smaller by a thirty-second at least is stored as it is: reading it costs nothing then.</remarks>
internal sealed class ChunkCompressor : IDisposable
{
    private const int ZstdLevel = 3;

    // libzstd takes smaller tables for what is shorter than 256 KiB, and matches of four bytes: for long chunks those of its level 4 for long content are as fast and make less of it.
    private const int Long = 128 * 1024;
    private static readonly (int Parameter, int Value)[] ForLong = [(102, 18), (103, 18), (105, 5), (107, 2)]; // hashLog, chainLog, minMatch, strategy: dfast
    private const int CompressionLevel = 100;

    private const int BrotliQuality = 4;
    private const int BrotliWindow = 22;

    private readonly ZstdLibrary? zstd;
    private readonly nint compressor;
    private readonly nint decompressor;
    private bool isForLong;
    private bool disposed;

    /// <summary>A compressor.</summary>
    /// <param name="codec">What it writes with; it reads whatever this machine can.</param>
    /// <exception cref="NotSupportedException">The machine has no library for that codec.</exception>
    public ChunkCompressor(Codec codec)
    {
        zstd = ZstdLibrary.Instance;
        if (codec == Codec.Zstd && zstd is null)
        {
            throw new NotSupportedException("zstd was asked for, and this machine has no libzstd");
        }

        Codec = codec;
        if (zstd is not null)
        {
            compressor = zstd.CreateCompressor();
            zstd.Set(compressor, CompressionLevel, ZstdLevel);
            decompressor = zstd.CreateDecompressor();
        }
    }

    /// <summary>The best that this machine writes.</summary>
    public static Codec Preferred => ZstdLibrary.Instance is null ? Codec.Brotli : Codec.Zstd;

    /// <summary>What it writes with.</summary>
    public Codec Codec { get; }

    /// <summary>Compresses into <paramref name="target"/>, at least as long as <paramref name="content"/>.</summary>
    /// <returns>The codec and how many bytes of the target it wrote; <see cref="Codec.None"/> and 0 when the content is better stored as it is.</returns>
    public (Codec Codec, int Length) Compress(ReadOnlySpan<byte> content, Span<byte> target)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(target.Length, content.Length, nameof(target));
        var worth = content.Length - (content.Length / 32) - 1;
        if (Codec == Codec.None || worth <= 0)
        {
            return (Codec.None, 0);
        }

        return Write(content, target[..worth]) is { } length ? (Codec, length) : (Codec.None, 0);
    }

    /// <summary>Whether <paramref name="target"/> is now exactly the content that was compressed.</summary>
    /// <exception cref="NotSupportedException">The machine has no library for that codec.</exception>
    public bool TryDecompress(Codec codec, ReadOnlySpan<byte> stored, Span<byte> target)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        switch (codec)
        {
            case Codec.None:
                return stored.Length == target.Length && stored.TryCopyTo(target);
            case Codec.Zstd:
                var library = zstd ?? throw new NotSupportedException("the chunk is compressed with zstd, and this machine has no libzstd");
                return library.Decompress(decompressor, stored, target) == target.Length;
            case Codec.Brotli:
                return BrotliDecoder.TryDecompress(stored, target, out var written) && written == target.Length;
            default:
                return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!disposed && zstd is not null)
        {
            zstd.FreeCompressor(compressor);
            zstd.FreeDecompressor(decompressor);
        }

        disposed = true;
    }

    private int? Write(ReadOnlySpan<byte> content, Span<byte> target) => Codec == Codec.Zstd
        ? WriteZstd(zstd!, content, target) // The constructor refused zstd without its library.
        : BrotliEncoder.TryCompress(content, target, out var written, BrotliQuality, BrotliWindow) ? written : null;

    private int? WriteZstd(ZstdLibrary library, ReadOnlySpan<byte> content, Span<byte> target)
    {
        if (content.Length >= Long != isForLong)
        {
            isForLong = !isForLong;
            foreach (var (parameter, value) in ForLong)
            {
                library.Set(compressor, parameter, isForLong ? value : 0);
            }
        }

        return library.Compress(compressor, content, target);
    }
}
