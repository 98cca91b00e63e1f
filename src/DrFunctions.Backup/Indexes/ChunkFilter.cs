using DrFunctions.Backup.Packs;

namespace DrFunctions.Backup.Indexes;

/// <summary>
/// Says of most chunks that an index does not have that it does not: a Bloom filter of 10 bits a chunk and 7 probes, wrong about 1 in 120 of
/// them, and never about one that is there. The names are keyed hashes, so that their own bits are the probes (Kirsch and Mitzenmacher, 2006).
/// </summary>
internal sealed class ChunkFilter
{
    private const int BitsEach = 10;
    private const int Probes = 7;

    private readonly byte[] bits;

    private ChunkFilter(byte[] bits) => this.bits = bits;

    /// <summary>Its bytes as they are stored.</summary>
    public ReadOnlySpan<byte> Bytes => bits;

    /// <summary>An empty filter.</summary>
    /// <param name="chunks">How many will be added.</param>
    public static ChunkFilter For(int chunks) => new(new byte[LengthFor(chunks)]);

    /// <summary>The filter with these bytes; it has <see cref="LengthFor"/> of them.</summary>
    public static ChunkFilter From(byte[] bytes) => new(bytes);

    /// <summary>Bytes of a filter for so many chunks.</summary>
    public static int LengthFor(int chunks) => checked((int)((((long)chunks * BitsEach) + 7) / 8));

    public void Add(ChunkId id)
    {
        for (var probe = 0; probe < Probes; probe++)
        {
            var bit = BitOf(id, probe);
            bits[bit >> 3] |= (byte)(1 << (int)(bit & 7));
        }
    }

    /// <summary>False when the chunk was certainly not added.</summary>
    public bool MayHave(ChunkId id)
    {
        for (var probe = 0; probe < Probes; probe++)
        {
            var bit = BitOf(id, probe);
            if ((bits[bit >> 3] & (1 << (int)(bit & 7))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    private long BitOf(ChunkId id, int probe)
    {
        var first = (ulong)id.Low;
        var second = (ulong)(id.Low >> 64) | 1;
        return (long)((first + ((ulong)probe * second)) % ((ulong)bits.Length * 8));
    }
}
