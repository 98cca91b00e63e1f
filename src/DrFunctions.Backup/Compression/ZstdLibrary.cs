using System.Runtime.InteropServices;

namespace DrFunctions.Backup.Compression;

/// <summary>
/// libzstd of the machine (https://facebook.github.io/zstd/zstd_manual.html): on every Debian and in the images of Azure Functions. Thread-safe;
/// contexts are not.
/// </summary>
internal sealed class ZstdLibrary
{
    private static readonly Lazy<ZstdLibrary?> Loaded = new(Load);

    private readonly CreateContext createCompressor;
    private readonly FreeContext freeCompressor;
    private readonly CreateContext createDecompressor;
    private readonly FreeContext freeDecompressor;
    private readonly SetParameter setParameter;
    private readonly CompressWith compress;
    private readonly DecompressWith decompress;
    private readonly IsErrorCode isError;
    private readonly CompressBoundOf bound;

    private ZstdLibrary(nint library)
    {
        createCompressor = Export<CreateContext>(library, "ZSTD_createCCtx");
        freeCompressor = Export<FreeContext>(library, "ZSTD_freeCCtx");
        createDecompressor = Export<CreateContext>(library, "ZSTD_createDCtx");
        freeDecompressor = Export<FreeContext>(library, "ZSTD_freeDCtx");
        setParameter = Export<SetParameter>(library, "ZSTD_CCtx_setParameter");
        compress = Export<CompressWith>(library, "ZSTD_compress2");
        decompress = Export<DecompressWith>(library, "ZSTD_decompressDCtx");
        isError = Export<IsErrorCode>(library, "ZSTD_isError");
        bound = Export<CompressBoundOf>(library, "ZSTD_compressBound");
    }

    private delegate nint CreateContext();

    private delegate nuint FreeContext(nint context);

    private delegate nuint SetParameter(nint context, int parameter, int value);

    private delegate nuint CompressWith(nint context, ref byte target, nuint capacity, ref readonly byte source, nuint length);

    private delegate nuint DecompressWith(nint context, ref byte target, nuint capacity, ref readonly byte source, nuint length);

    private delegate uint IsErrorCode(nuint code);

    private delegate nuint CompressBoundOf(nuint length);

    /// <summary>The machine's library; null where it has none that can be used.</summary>
    public static ZstdLibrary? Instance => Loaded.Value;

    public nint CreateCompressor() => Created(createCompressor());

    public void FreeCompressor(nint context) => freeCompressor(context);

    public nint CreateDecompressor() => Created(createDecompressor());

    public void FreeDecompressor(nint context) => freeDecompressor(context);

    /// <summary>Sets how a compressor works from now on: a parameter of <c>ZSTD_cParameter</c>, by its number; 0 is as the level has it.</summary>
    /// <exception cref="ArgumentException">The library does not take it.</exception>
    public void Set(nint context, int parameter, int value)
    {
        if (isError(setParameter(context, parameter, value)) != 0)
        {
            throw new ArgumentException($"libzstd does not take {value} as its parameter {parameter}", nameof(value));
        }
    }

    /// <summary>The bytes that compressed content needs at most.</summary>
    public int BoundOf(int length) => checked((int)bound((nuint)length));

    /// <summary>How many bytes of <paramref name="target"/> were written; null when it is too short.</summary>
    public int? Compress(nint context, ReadOnlySpan<byte> source, Span<byte> target)
    {
        var written = compress(
            context, ref MemoryMarshal.GetReference(target), (nuint)target.Length, in MemoryMarshal.GetReference(source), (nuint)source.Length);
        return isError(written) == 0 ? (int)written : null;
    }

    /// <summary>How many bytes of <paramref name="target"/> were written; null when the content is no frame, or a longer one.</summary>
    public int? Decompress(nint context, ReadOnlySpan<byte> source, Span<byte> target)
    {
        var written = decompress(
            context, ref MemoryMarshal.GetReference(target), (nuint)target.Length, in MemoryMarshal.GetReference(source), (nuint)source.Length);
        return isError(written) == 0 ? (int)written : null;
    }

    private static ZstdLibrary? Load()
    {
        foreach (var name in new[] { "libzstd.so.1", "libzstd.1.dylib", "libzstd" })
        {
            if (NativeLibrary.TryLoad(name, out var library))
            {
                return new ZstdLibrary(library);
            }
        }

        return null;
    }

    private static T Export<T>(nint library, string name)
        where T : Delegate =>
        Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));

    private static nint Created(nint context) => context != 0 ? context : throw new InsufficientMemoryException("libzstd has no memory for a context");
}
