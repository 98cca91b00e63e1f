using System.Buffers.Binary;

namespace System.IO.Hashing;

/// <summary>
/// CRC-64 as of ECMA-182: polynomial 0x42F0E1EBA9EA3693, most significant bit first, starting from zero, nothing inverted. Written
/// with the most significant byte first. Not the CRC-64 of Azure Storage. Not thread-safe.
/// </summary>
public sealed class Crc64 : NonCryptographicHashAlgorithm
{
    private const int Size = sizeof(ulong);
    private static readonly ulong[] Tables = BuildTables();
    private ulong crc;

    /// <summary>Starts without data.</summary>
    public Crc64()
        : base(Size)
    {
    }

    private Crc64(ulong crc)
        : base(Size) => this.crc = crc;

    /// <summary>A copy that goes its own way.</summary>
    public Crc64 Clone() => new(crc);

    /// <inheritdoc/>
    public override void Append(ReadOnlySpan<byte> source) => crc = Update(crc, source);

    /// <inheritdoc/>
    public override void Reset() => crc = 0;

    /// <summary>The hash of the data so far as a number.</summary>
    public ulong GetCurrentHashAsUInt64() => crc;

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
        BinaryPrimitives.WriteUInt64BigEndian(hash, HashToUInt64(source));
        return hash;
    }

    /// <summary>Writes the hash of <paramref name="source"/>; returns its size.</summary>
    /// <exception cref="ArgumentException">The hash does not fit.</exception>
    public static int Hash(ReadOnlySpan<byte> source, Span<byte> destination) =>
        TryHash(source, destination, out var written) ? written : throw TooShort(nameof(destination));

    /// <summary>Writes the hash of <paramref name="source"/>; false, and nothing written, when it does not fit.</summary>
    public static bool TryHash(ReadOnlySpan<byte> source, Span<byte> destination, out int bytesWritten)
    {
        var fits = destination.Length >= Size && BinaryPrimitives.TryWriteUInt64BigEndian(destination, HashToUInt64(source));
        bytesWritten = fits ? Size : 0;
        return fits;
    }

    /// <summary>The hash of <paramref name="source"/> as a number.</summary>
    public static ulong HashToUInt64(ReadOnlySpan<byte> source) => Update(0, source);

    /// <inheritdoc/>
    protected override void GetCurrentHashCore(Span<byte> destination) => BinaryPrimitives.WriteUInt64BigEndian(destination, crc);

    // Slicing by eight: table k tells what a byte does to the remainder from k bytes further on.
    private static ulong Update(ulong crc, ReadOnlySpan<byte> source)
    {
        ReadOnlySpan<ulong> tables = Tables;
        while (source.Length >= 8)
        {
            var word = BinaryPrimitives.ReadUInt64BigEndian(source) ^ crc;
            crc = tables[(7 * 256) + (int)(word >> 56)] ^ tables[(6 * 256) + (int)((word >> 48) & 0xFF)]
                ^ tables[(5 * 256) + (int)((word >> 40) & 0xFF)] ^ tables[(4 * 256) + (int)((word >> 32) & 0xFF)]
                ^ tables[(3 * 256) + (int)((word >> 24) & 0xFF)] ^ tables[(2 * 256) + (int)((word >> 16) & 0xFF)]
                ^ tables[256 + (int)((word >> 8) & 0xFF)] ^ tables[(int)(word & 0xFF)];
            source = source[8..];
        }

        foreach (var value in source)
        {
            crc = tables[(int)((crc >> 56) ^ value)] ^ (crc << 8);
        }

        return crc;
    }

    private static ulong[] BuildTables()
    {
        const ulong Polynomial = 0x42F0E1EBA9EA3693;
        var tables = new ulong[8 * 256];
        for (var value = 0; value < 256; value++)
        {
            var crc = (ulong)value << 56;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & (1UL << 63)) != 0 ? (crc << 1) ^ Polynomial : crc << 1;
            }

            tables[value] = crc;
        }

        for (var index = 256; index < tables.Length; index++)
        {
            var previous = tables[index - 256];
            tables[index] = tables[(int)(previous >> 56)] ^ (previous << 8);
        }

        return tables;
    }
}
