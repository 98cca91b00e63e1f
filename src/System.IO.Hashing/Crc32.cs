using System.Buffers.Binary;

namespace System.IO.Hashing;

/// <summary>
/// CRC-32 as of IEEE 802.3, gzip and PNG: polynomial 0x04C11DB7 reflected, start and final value inverted. Written with the least
/// significant byte first. Not thread-safe.
/// </summary>
public sealed class Crc32 : NonCryptographicHashAlgorithm
{
    private const int Size = sizeof(uint);
    private const uint Start = uint.MaxValue;
    private static readonly uint[] Tables = BuildTables();
    private uint crc = Start;

    /// <summary>Starts without data.</summary>
    public Crc32()
        : base(Size)
    {
    }

    private Crc32(uint crc)
        : base(Size) => this.crc = crc;

    /// <summary>A copy that goes its own way.</summary>
    public Crc32 Clone() => new(crc);

    /// <inheritdoc/>
    public override void Append(ReadOnlySpan<byte> source) => crc = Update(crc, source);

    /// <inheritdoc/>
    public override void Reset() => crc = Start;

    /// <summary>The hash of the data so far as a number.</summary>
    public uint GetCurrentHashAsUInt32() => ~crc;

    /// <summary>The hash of <paramref name="source"/>.</summary>
    public static byte[] Hash(byte[] source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Hash(new ReadOnlySpan<byte>(source));
    }

    /// <summary>The hash of <paramref name="source"/>.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> source)
    {
        var hash = new byte[Size];
        BinaryPrimitives.WriteUInt32LittleEndian(hash, HashToUInt32(source));
        return hash;
    }

    /// <summary>Writes the hash of <paramref name="source"/>; returns its size.</summary>
    /// <exception cref="ArgumentException">The hash does not fit.</exception>
    public static int Hash(ReadOnlySpan<byte> source, Span<byte> destination) =>
        TryHash(source, destination, out var written) ? written : throw TooShort(nameof(destination));

    /// <summary>Writes the hash of <paramref name="source"/>; false, and nothing written, when it does not fit.</summary>
    public static bool TryHash(ReadOnlySpan<byte> source, Span<byte> destination, out int bytesWritten)
    {
        var fits = destination.Length >= Size && BinaryPrimitives.TryWriteUInt32LittleEndian(destination, HashToUInt32(source));
        bytesWritten = fits ? Size : 0;
        return fits;
    }

    /// <summary>The hash of <paramref name="source"/> as a number.</summary>
    public static uint HashToUInt32(ReadOnlySpan<byte> source) => ~Update(Start, source);

    /// <inheritdoc/>
    protected override void GetCurrentHashCore(Span<byte> destination) =>
        BinaryPrimitives.WriteUInt32LittleEndian(destination, GetCurrentHashAsUInt32());

    // Slicing by eight: table k tells what a byte does to the remainder from k bytes further on.
    private static uint Update(uint crc, ReadOnlySpan<byte> source)
    {
        ReadOnlySpan<uint> tables = Tables;
        while (source.Length >= 8)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(source) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(source[4..]);
            crc = tables[(7 * 256) + (int)(low & 0xFF)] ^ tables[(6 * 256) + (int)((low >> 8) & 0xFF)]
                ^ tables[(5 * 256) + (int)((low >> 16) & 0xFF)] ^ tables[(4 * 256) + (int)(low >> 24)]
                ^ tables[(3 * 256) + (int)(high & 0xFF)] ^ tables[(2 * 256) + (int)((high >> 8) & 0xFF)]
                ^ tables[256 + (int)((high >> 16) & 0xFF)] ^ tables[(int)(high >> 24)];
            source = source[8..];
        }

        foreach (var value in source)
        {
            crc = tables[(int)((crc ^ value) & 0xFF)] ^ (crc >> 8);
        }

        return crc;
    }

    private static uint[] BuildTables()
    {
        const uint ReflectedPolynomial = 0xEDB88320;
        var tables = new uint[8 * 256];
        for (var value = 0; value < 256; value++)
        {
            var crc = (uint)value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ ReflectedPolynomial : crc >> 1;
            }

            tables[value] = crc;
        }

        for (var index = 256; index < tables.Length; index++)
        {
            var previous = tables[index - 256];
            tables[index] = tables[(int)(previous & 0xFF)] ^ (previous >> 8);
        }

        return tables;
    }
}
