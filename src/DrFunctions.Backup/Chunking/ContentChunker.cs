using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace DrFunctions.Backup.Chunking;

/// <summary>
/// Finds where content is cut: by what the bytes are, so that a byte inserted at the front moves one cut and not all. Stateless after it is
/// made; thread-safe.
/// </summary>
/// <remarks>
/// FastCDC (Xia et al., USENIX ATC 2016) with its normalized chunking at level 2 and without its table of constants: the gear table comes
/// from the repository's key, so that the cuts of a known file cannot be computed without it.
/// </remarks>
internal sealed class ContentChunker
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyLength = 32;

    // Before the average a cut is four times rarer than its length asks for, after it four times more common.
    private const int Normalization = 2;

    private readonly ulong[] gear = new ulong[256];
    private readonly ulong rareMask;
    private readonly ulong commonMask;

    /// <summary>A chunker.</summary>
    /// <param name="parameters">How long chunks are.</param>
    /// <param name="key">The repository's key for cuts, <see cref="KeyLength"/> bytes.</param>
    /// <exception cref="ArgumentException">The parameters contradict each other, or the key is of another length.</exception>
    public ContentChunker(ChunkingParameters parameters, ReadOnlySpan<byte> key)
    {
        if (parameters.Mistake is { } mistake)
        {
            throw new ArgumentException(mistake, nameof(parameters));
        }

        if (key.Length != KeyLength)
        {
            throw new ArgumentException($"the key has {key.Length} bytes; expected {KeyLength}", nameof(key));
        }

        Parameters = parameters;
        HKDF.Expand(HashAlgorithmName.SHA256, key, MemoryMarshal.AsBytes(gear.AsSpan()), "drfunctions gear"u8);
        if (!BitConverter.IsLittleEndian)
        {
            for (var index = 0; index < gear.Length; index++)
            {
                gear[index] = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(gear[index]);
            }
        }

        var bits = BitOperations.Log2((uint)parameters.Average);
        rareMask = TopBits(bits + Normalization);
        commonMask = TopBits(bits - Normalization);
    }

    /// <summary>How long chunks are.</summary>
    public ChunkingParameters Parameters { get; }

    /// <summary>
    /// How many bytes the first chunk of <paramref name="content"/> has, at least 1. Where the content goes on, as much of it as the longest
    /// chunk must be given: with less the answer is right only at the content's end.
    /// </summary>
    /// <exception cref="ArgumentException">There is no content.</exception>
    public int Cut(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
        {
            throw new ArgumentException("there is nothing to cut", nameof(content));
        }

        if (content.Length <= Parameters.Minimum)
        {
            return content.Length;
        }

        var end = Math.Min(content.Length, Parameters.Maximum);
        var middle = Math.Min(end, Parameters.Average);
        var hash = 0UL;
        var table = gear;
        var at = Parameters.Minimum;
        foreach (var value in content[at..middle])
        {
            at++;
            hash = (hash << 1) + table[value];
            if ((hash & rareMask) == 0)
            {
                return at;
            }
        }

        foreach (var value in content[at..end])
        {
            at++;
            hash = (hash << 1) + table[value];
            if ((hash & commonMask) == 0)
            {
                return at;
            }
        }

        return end;
    }

    // The upper bits of the hash depend on the most bytes: bit 63 on the last 64.
    private static ulong TopBits(int count) => ~0UL << (64 - count);
}
